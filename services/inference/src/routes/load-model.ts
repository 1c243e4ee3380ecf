import { ErrorBody, LoadedModel, LoadModelRequest, ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Ports } from '../ports.ts';
import { nameAsIris } from '../registry/existing-contract.ts';
import { load } from '../registry/load.ts';
import type { VersionRecord } from '../registry/state.ts';
import { uploadAndPromote } from '../registry/upload-and-promote.ts';
import { readFields } from './read-fields.ts';
import { acceptUploads, type ReceivedUpload, receiveUpload } from './receive-upload.ts';

const toLoaded = ({ ref, signature }: VersionRecord): LoadedModel => ({ ...ref, loaded: true, signature });

/** `POST /model/load/`: loads a model by name, an uploaded one, or the built-in iris; it answers `POST /model/classify/` then. */
export const loadModelRoute = (ports: Ports) => {
  const { context, defaults } = ports;
  const { app, config } = context;
  app.register(async (scope) => {
    await acceptUploads(scope as typeof app);
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
      done(null, body === '' ? undefined : fromText(Object.fromEntries(new URLSearchParams(String(body)))));
    });
    scope.post(
      '/model/load',
      {
        schema: {
          tags: ['classification'],
          summary:
            'Load a model: by name (in JSON, a form or the query), an uploaded file, or the built-in iris (nothing)',
          consumes: ['application/json', 'multipart/form-data', 'application/octet-stream'],
          querystring: Type.Object({}, { additionalProperties: true }),
          response: { 200: LoadedModel, 400: ErrorBody, 404: ErrorBody, 413: ErrorBody, 422: ErrorBody },
        },
      },
      async (request) => {
        const uploaded = await receiveUpload(request, config.INFERENCE_MAXIMUM_MODEL_SIZE, loadUploaded);
        if (uploaded !== undefined) return toLoaded(uploaded);
        const query = request.query as Readonly<Record<string, unknown>>;
        return toLoaded(await load(ports, readRequest(request.body, query), true));
      },
    );
  });

  const loadUploaded = async ({ file, fileName, fields }: ReceivedUpload): Promise<VersionRecord> => {
    const { promote: _, ...about } = readFields(fields, fileName, defaults);
    const { version } = await uploadAndPromote(
      ports,
      { file, fileName, ...about, complete: nameAsIris },
      { reason: 'load', makeCurrent: true },
    );
    return version;
  };
};

/** What a form or a query says: all of it is text there. */
const fromText = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { version } = fields;
  return typeof version === 'string' && /^\d+$/.test(version) ? { ...fields, version: Number(version) } : { ...fields };
};

const readRequest = (body: unknown, query: Readonly<Record<string, unknown>>): LoadModelRequest => {
  const value = body == null || body === '' ? fromText(query) : body;
  if (Value.Check(LoadModelRequest, value)) return value;
  throw new ServiceError(
    400,
    'inference.invalid_request',
    'The request is not valid: send {"name": ..., "version": ...}, a file, or nothing for the built-in iris.',
  );
};
