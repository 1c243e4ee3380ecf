import { inferenceOperations, type OipInferRequest } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply } from 'fastify';
import { infer } from '../../oip/infer.ts';
import type { Ports } from '../../ports.ts';
import { acceptAnyType, binaryOf } from './body.ts';

interface Asked {
  readonly params: { readonly model: string; readonly version?: string };
  readonly query: { readonly non_finite?: 'null' | 'literal' };
  readonly body: OipInferRequest;
}

/** Runs a model, in the protocol's JSON form or with binary tensors. */
export const oipInfer = ({ context, registry, recorder }: Ports) => {
  const { app, config } = context;
  const ports = { registry, recorder, maximumRows: config.INFERENCE_MAXIMUM_ROWS };
  const run = async (request: Asked, reply: FastifyReply) => {
    const { params, query, body } = request;
    const version = params.version === undefined ? undefined : Number(params.version);
    const options = { binary: binaryOf(request, body), literal: query.non_finite === 'literal' };
    const { json, binary } = await infer(ports, params.model, version, body, options);
    if (binary.length === 0) {
      reply.type('application/json');
      // It is JSON already: 64-bit integers would not survive another way.
      return json;
    }
    reply.type('application/octet-stream').header('inference-header-content-length', Buffer.byteLength(json));
    return Buffer.concat([Buffer.from(json), ...binary]);
  };
  app.register(async (scope) => {
    acceptAnyType(scope as typeof app, config.INFERENCE_MAXIMUM_BODY_SIZE);
    const own = { app: scope as typeof app };
    const options = { bodyLimit: config.INFERENCE_MAXIMUM_BODY_SIZE };
    implement(own, inferenceOperations.oipInfer, run, options);
    implement(own, inferenceOperations.oipVersionInfer, run, options);
  });
};
