import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import type { InferenceContext } from '../../context.ts';
import { type Binary, createBinary } from '../../oip/binary.ts';
import type { InferRequest } from '../../oip/infer-request.ts';
import { parseJson } from '../../oip/parse-json.ts';

const tails = new WeakMap<FastifyRequest, Uint8Array>();

/**
 * Bodies of the protocol are JSON under any content type or none, as its clients send them. A header says how long the JSON is where binary
 * tensors stand behind it.
 */
export const acceptAnyType = (app: InferenceContext['app'], bodyLimit: number): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    try {
      done(null, readBody(request, body as Buffer));
    } catch (error) {
      done(error instanceof ServiceError ? error : malformed('The body is not valid JSON.'));
    }
  });
};

const readBody = (request: FastifyRequest, body: Buffer): unknown => {
  if (body.length === 0) return undefined;
  const announced = request.headers['inference-header-content-length'];
  if (announced === undefined) return parseJson(body.toString('utf8'));
  const length = Number(announced);
  if (!Number.isSafeInteger(length) || length < 0 || length > body.length) {
    throw malformed('Inference-Header-Content-Length does not fit the body.');
  }
  tails.set(request, body.subarray(length));
  return parseJson(body.subarray(0, length).toString('utf8'));
};

/** The tensors behind the JSON of a request; undefined where there are none. */
export const binaryOf = (request: FastifyRequest, { inputs }: InferRequest): Binary | undefined => {
  const tail = tails.get(request);
  return tail === undefined ? undefined : createBinary(tail, inputs);
};

const malformed = (message: string) => new ServiceError(400, 'inference.malformed_request', message);
