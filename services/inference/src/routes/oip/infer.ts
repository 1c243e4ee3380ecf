import { StringEnum } from '@vindima/contracts';
import { Type } from 'typebox';
import { infer } from '../../oip/infer.ts';
import { InferRequest } from '../../oip/infer-request.ts';
import { InferResponse, ModelParams, modelPaths, oipErrors } from '../../oip/schemas.ts';
import type { Ports } from '../../ports.ts';
import { acceptAnyType, binaryOf } from './body.ts';

const Query = Type.Object({
  non_finite: Type.Optional(
    StringEnum(['null', 'literal'], {
      description:
        'How Infinity and NaN are written in JSON: as null, or as they are (which is no JSON, but read by Python)',
    }),
  ),
});

/** `POST /v2/models/{model}[/versions/{version}]/infer`, in the protocol's JSON form or with binary tensors. */
export const oipInfer = ({ context: { app, config }, registry, recorder }: Ports) => {
  const ports = { registry, recorder, maximumRows: config.INFERENCE_MAXIMUM_ROWS };
  app.register(async (scope) => {
    acceptAnyType(scope as typeof app, config.INFERENCE_MAXIMUM_BODY_BYTES);
    for (const path of modelPaths) {
      (scope as typeof app).post(
        `${path}/infer`,
        {
          bodyLimit: config.INFERENCE_MAXIMUM_BODY_BYTES,
          schema: {
            tags: ['open inference protocol'],
            summary: 'Run a model',
            params: ModelParams,
            querystring: Query,
            body: InferRequest,
            response: { 200: InferResponse, ...oipErrors },
          },
        },
        async (request, reply) => {
          const { params, query, body } = request;
          const version = params.version === undefined ? undefined : Number(params.version);
          const options = { binary: binaryOf(request, body), literal: query.non_finite === 'literal' };
          const { json, binary } = await infer(ports, params.model, version, body, options);
          // It is JSON already: 64-bit integers would not survive another way.
          if (binary.length === 0) return reply.type('application/json').send(json as never);
          reply.header('inference-header-content-length', Buffer.byteLength(json));
          return reply.type('application/octet-stream').send(Buffer.concat([Buffer.from(json), ...binary]) as never);
        },
      );
    }
  });
};
