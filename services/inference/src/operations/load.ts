import { inferenceOperations, type LoadedModel, LoadModelRequest, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { Value } from 'typebox/value';
import type { Ports } from '../ports.ts';
import { nameAsIris } from '../registry/existing-contract.ts';
import { load } from '../registry/load.ts';
import type { VersionRecord } from '../registry/state.ts';
import { uploadAndPromote } from '../registry/upload-and-promote.ts';
import { readFields } from './read-fields.ts';
import { acceptUploads, type ReceivedUpload, receiveUpload } from './receive-upload.ts';

const toLoaded = ({ ref, signature }: VersionRecord): LoadedModel => ({ ...ref, loaded: true, signature });

/** Loads a model by name, an uploaded one, or the built-in iris; it answers `POST /model/classify` then. */
export const loadModel = (ports: Ports) => {
  const { context, defaults } = ports;
  const { app, config } = context;
  app.register(async (scope) => {
    await acceptUploads(scope as typeof app);
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
      done(null, body === '' ? undefined : fromText(Object.fromEntries(new URLSearchParams(String(body)))));
    });
    implement({ app: scope as typeof app }, inferenceOperations.load, async (request) => {
      const uploaded = await receiveUpload(request, config.INFERENCE_MAXIMUM_MODEL_SIZE, loadUploaded);
      if (uploaded !== undefined) return toLoaded(uploaded);
      return toLoaded(await load(ports, readRequest(request.body, request.query), true));
    });
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

/** No body was filled in as `{}`. */
const isNothing = (body: unknown) =>
  body == null || body === '' || (typeof body === 'object' && Object.keys(body).length === 0);

const readRequest = (body: unknown, query: Readonly<Record<string, unknown>>): LoadModelRequest => {
  const value = isNothing(body) ? fromText(query) : body;
  if (Value.Check(LoadModelRequest, value)) return value;
  throw new ServiceError(
    400,
    'inference.invalid_request',
    'The request is not valid: send {"name": ..., "version": ...}, a file, or nothing for the built-in iris.',
  );
};
