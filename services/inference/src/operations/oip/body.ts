import { type OipInferRequest, ServiceError } from '@vindima/contracts';
import { createJsonParser } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import type { InferenceContext } from '../../context.ts';
import { type Binary, createBinary } from '../../oip/binary.ts';
import { toPlainJson } from '../../oip/parse-json.ts';

const tails = new WeakMap<FastifyRequest, Uint8Array>();

/**
 * Bodies of the protocol are JSON under any content type or none, as its clients send them. A header says how long the JSON is where binary
 * tensors stand behind it.
 */
export const acceptAnyType = (app: InferenceContext['app'], bodyLimit: number): void => {
  app.removeAllContentTypeParsers();
  const parse = createJsonParser(app as never, 'inference');
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    const length = jsonLength(request, body as Buffer);
    if (length === undefined) done(malformed('Inference-Header-Content-Length does not fit the body.'));
    else parse(request, toPlainJson((body as Buffer).subarray(0, length).toString('utf8')), done);
  });
};

/** Bytes of the JSON; those behind it are remembered. Undefined where the header that tells is wrong. */
const jsonLength = (request: FastifyRequest, body: Buffer): number | undefined => {
  const announced = request.headers['inference-header-content-length'];
  if (announced === undefined) return body.length;
  const length = Number(announced);
  if (!Number.isSafeInteger(length) || length < 0 || length > body.length) return undefined;
  tails.set(request, body.subarray(length));
  return length;
};

/** The tensors behind the JSON of a request; undefined where there are none. */
export const binaryOf = (request: object, { inputs }: OipInferRequest): Binary | undefined => {
  const tail = tails.get(request as FastifyRequest);
  return tail === undefined ? undefined : createBinary(tail, inputs);
};

const malformed = (message: string) => new ServiceError(400, 'inference.malformed_request', message);
