import { inferenceOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { uploadAndPromote } from '../registry/upload-and-promote.ts';
import { viewVersion } from '../registry/view.ts';
import { readFields } from './read-fields.ts';
import { acceptUploads, receiveUpload } from './receive-upload.ts';

/** Makes a new version of a file. The first one of a model answers at once, others when they are promoted. */
export const uploadModel = (ports: Ports) => {
  const { context, registry, defaults } = ports;
  const { app, config } = context;
  app.register(async (scope) => {
    await acceptUploads(scope as typeof app);
    implement({ app: scope as typeof app }, inferenceOperations.upload, async (request, reply) => {
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
      reply.code(created ? 201 : 200).header('location', `/models/${version.ref.name}`);
      return viewVersion(registry, version);
    });
  });
};
