import { ErrorBody, InferenceModelVersion, ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import type { Ports } from '../ports.ts';
import { uploadAndPromote } from '../registry/upload-and-promote.ts';
import { viewVersion } from '../registry/view.ts';
import { readFields } from './read-fields.ts';
import { acceptUploads, receiveUpload } from './receive-upload.ts';

/** `POST /models`: a file becomes a new version. The first one of a model answers at once, others when they are promoted. */
export const uploadModel = (ports: Ports) => {
  const { context, registry, defaults } = ports;
  const { app, config } = context;
  app.register(async (scope) => {
    await acceptUploads(scope as typeof app);
    scope.post(
      '/models',
      {
        schema: {
          tags: ['models'],
          summary: 'Upload a model file: a new version',
          description:
            'A form with `file`, and `name`, `metadata` (JSON: feature_names, labels, description), `golden` (JSON: input, class), `max_batch`, `max_wait_ms`, `promote`; or the file as the body, with these in the query.',
          consumes: ['multipart/form-data', 'application/octet-stream'],
          querystring: Type.Object({}, { additionalProperties: true }),
          response: {
            200: InferenceModelVersion,
            201: InferenceModelVersion,
            400: ErrorBody,
            413: ErrorBody,
            422: ErrorBody,
          },
        },
      },
      async (request, reply) => {
        const uploaded = await receiveUpload(
          request,
          config.INFERENCE_MAXIMUM_MODEL_SIZE,
          async ({ file, fileName, fields }) => {
            const { promote: wanted, ...about } = readFields(fields, fileName, defaults);
            const isWanted = () => wanted || registry.state.models.get(about.name)?.champion === null;
            return uploadAndPromote(ports, { file, fileName, ...about }, { reason: 'promote' }, isWanted);
          },
        );
        if (uploaded === undefined) throw new ServiceError(400, 'inference.no_file', 'The request has no file.');
        const { version, created } = uploaded;
        reply.header('location', `/models/${version.ref.name}`);
        return reply.code(created ? 201 : 200).send(viewVersion(registry, version));
      },
    );
  });
};
