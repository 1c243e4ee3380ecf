import { setImmediate as turn } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import { createJsonMeasure, type JsonExcess, type JsonLimits } from './measure.ts';
import { type ParsePiece, parseInPieces, pieceLength } from './parse-in-pieces.ts';

type Done = (error: Error | null, body?: unknown) => void;
type Parser = (request: FastifyRequest, body: string, done: Done) => void;

/** As many keys as a table may have columns; no tensor has as many dimensions as levels. */
export const jsonLimits: JsonLimits = { depth: 64, keys: 20_000, members: 1_000_000 };

const sentences: Record<JsonExcess, string> = {
  depth: `The JSON is nested more than ${jsonLimits.depth} levels deep`,
  keys: `An object of the JSON has more than ${jsonLimits.keys} keys`,
  members: `The JSON has more than ${jsonLimits.members} arrays, objects and keys`,
};

const tooMuch = (service: string, excess: JsonExcess) =>
  new ServiceError(413, `${service}.too_complex`, `${sentences[excess]}.`, {
    details: { [`maximum_${excess}`]: jsonLimits[excess] },
  });

/**
 * Parses bodies of JSON. What is nested too deep or has too many keys is refused before anything is made of it, and a large body is parsed in
 * pieces, so that other requests are answered in between. An empty body is no body, as for clients that always send
 * `content-type: application/json`.
 */
export const createJsonParser = (app: FastifyInstance, service: string): Parser => {
  const strict = app.getDefaultJsonParser('error', 'error') as unknown as Parser;
  const parseLarge = async (request: FastifyRequest, body: string): Promise<unknown> => {
    const measure = createJsonMeasure(body, jsonLimits);
    for (let end = pieceLength; !measure.isDone(); end += pieceLength) {
      const excess = measure.upTo(Math.min(end, body.length));
      if (excess !== undefined) throw tooMuch(service, excess);
      await turn();
    }
    const parsePiece: ParsePiece = (text) => {
      let result: unknown;
      strict(request, text, (error, value) => {
        result = error ?? { value };
      });
      if (result instanceof Error) throw result;
      return (result as { value: unknown }).value;
    };
    const value = await parseInPieces(body, parsePiece).catch((error: unknown) => {
      throw error instanceof SyntaxError ? new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY() : error;
    });
    if (typeof value === 'object' && value !== null) large.add(value);
    return value;
  };
  return (request, body, done) => {
    if (body === '') done(null, undefined);
    else if (body.length > pieceLength) parseLarge(request, body).then((value) => done(null, value), done);
    else {
      const excess = createJsonMeasure(body, jsonLimits).upTo(body.length);
      if (excess === undefined) strict(request, body, done);
      else done(tooMuch(service, excess));
    }
  };
};

const large = new WeakSet<object>();

/** Whether a body was so large that not every mistake of it can be listed. */
export const isLarge = (body: unknown): boolean => typeof body === 'object' && body !== null && large.has(body);
