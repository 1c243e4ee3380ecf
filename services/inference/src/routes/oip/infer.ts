import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import { infer } from '../../oip/infer.ts';
import { InferRequest } from '../../oip/infer-request.ts';
import { InferResponse, ModelParams, modelPaths, oipErrors } from '../../oip/schemas.ts';
import type { Ports } from '../../ports.ts';

/** `POST /v2/models/{model}[/versions/{version}]/infer`, in the protocol's JSON form. */
export const oipInfer = ({ context: { app, config }, registry, recorder }: Ports) => {
  const ports = { registry, recorder, maximumRows: config.INFERENCE_MAXIMUM_ROWS };
  for (const path of modelPaths) {
    app.post(
      `${path}/infer`,
      {
        bodyLimit: config.INFERENCE_MAXIMUM_BODY_SIZE,
        onRequest: refuseBinary,
        schema: {
          tags: ['open inference protocol'],
          summary: 'Run a model',
          params: ModelParams,
          body: InferRequest,
          response: { 200: InferResponse, ...oipErrors },
        },
      },
      async ({ params: { model, version }, body }, reply) => {
        reply.type('application/json');
        const answer = await infer(ports, model, version === undefined ? undefined : Number(version), body);
        // It is JSON already: 64-bit integers would not survive another way.
        return answer as never;
      },
    );
  }
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
