import { inferenceOperations, type OipInferRequest, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { infer } from '../../oip/infer.ts';
import type { Ports } from '../../ports.ts';

/** Runs a model, in the protocol's JSON form. */
export const oipInfer = ({ context, registry, recorder }: Ports) => {
  const { config } = context;
  const ports = { registry, recorder, maximumRows: config.INFERENCE_MAXIMUM_ROWS };
  const options = {
    bodyLimit: config.INFERENCE_MAXIMUM_BODY_SIZE,
    onRequest: refuseBinary,
  };
  const run = (model: string, version: number | undefined, body: OipInferRequest, reply: FastifyReply) => {
    reply.type('application/json');
    // It is JSON already: 64-bit integers would not survive another way.
    return infer(ports, model, version, body);
  };
  implement(
    context,
    inferenceOperations.oipInfer,
    ({ params: { model }, body }, reply) => run(model, undefined, body, reply),
    options,
  );
  implement(
    context,
    inferenceOperations.oipVersionInfer,
    ({ params: { model, version }, body }, reply) => run(model, Number(version), body, reply),
    options,
  );
};

/** Triton's extension for binary tensors announces itself by a header. */
const refuseBinary = async ({ headers }: FastifyRequest) => {
  if (headers['inference-header-content-length'] === undefined) return;
  throw new ServiceError(
    400,
    'inference.binary_tensors',
    'Binary tensors are not supported: send the tensors as JSON.',
  );
};
