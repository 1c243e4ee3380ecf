import type { Readable } from 'node:stream';
import {
  type AnswerOf,
  type BodyOf,
  bodyBytesOf,
  type HeadersOf,
  type Operation,
  type OperationAnswer,
  type OperationBody,
  type ParamsOf,
  type QueryOf,
  usualBodyBytes,
} from '@vindima/contracts';
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { TSchema } from 'typebox';
import type { App } from './app.ts';
import { holdToKnownParameters } from './known-parameters.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route answers. */
    operation?: Operation;
  }
}

/** A request with the types of its operation. */
export interface OperationRequest<Input extends Operation>
  extends Omit<FastifyRequest, 'params' | 'query' | 'body' | 'headers'> {
  readonly params: ParamsOf<Input>;
  readonly query: QueryOf<Input>;
  readonly headers: HeadersOf<Input> & FastifyRequest['headers'];
  body: BodyOf<Input>;
}

/** What a handler may answer with: the value of a JSON answer, text or bytes that are written already, or a reply that it has sent. */
type Answer<Input extends Operation> = AnswerOf<Input> | string | Buffer | Readable | FastifyReply | undefined;

export type OperationHandler<Input extends Operation> = (
  request: OperationRequest<Input>,
  reply: FastifyReply,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that has sent its answer itself returns nothing.
) => Promise<Answer<Input> | void> | Answer<Input> | void;

export interface ImplementOptions
  extends Pick<
    RouteShorthandOptions,
    'compress' | 'decompress' | 'errorHandler' | 'onRequest' | 'preValidation' | 'preParsing' | 'serializerCompiler'
  > {
  /** Bytes, where the body is a file, or a variable decides. Default: what the operation says. */
  readonly bodyLimit?: number;
  readonly config?: RouteShorthandOptions['config'];
}

/**
 * Registers the route of an operation: its path, validation and answers follow from the contract; `GET` is `HEAD` too. Where the operation takes
 * files, the parsers of their media types are the caller's to register, in the scope that it gives as `app`.
 */
export const implement = <const Input extends Operation>(
  { app }: { readonly app: App },
  operation: Input,
  handler: OperationHandler<Input>,
  { bodyLimit, config, ...options }: ImplementOptions = {},
): void => {
  const { body, method, path } = operation;
  const declared = bodyBytesOf(operation);
  app.route({
    method,
    url: path,
    // Events do not end, and a HEAD of them would wait for that.
    exposeHeadRoute: method === 'GET' && !Object.values(operation.answers).some(({ events }) => events !== undefined),
    ...options,
    bodyLimit: bodyLimit ?? (declared === 'file' ? usualBodyBytes : declared),
    config: { ...config, operation },
    schema: {
      ...(operation.params === undefined ? {} : { params: operation.params }),
      ...(operation.query === undefined
        ? { querystring: { type: 'object', properties: {}, additionalProperties: operation.legacy === true } }
        : { querystring: { ...operation.query, additionalProperties: operation.legacy === true } }),
      ...(operation.headers === undefined ? {} : { headers: operation.headers }),
      ...(body === undefined ? {} : bodySchema(body)),
      ...responseSchemas(operation.answers),
    },
    preValidation: [
      ...(operation.legacy ? [holdToKnownParameters(operation)] : []),
      ...(body?.optional ? [fillInBody] : []),
      ...[options.preValidation ?? []].flat(),
    ],
    handler: handler as never,
  });
};

/** No body asks for the defaults. */
const fillInBody = (request: FastifyRequest, _: FastifyReply, done: () => void): void => {
  if (request.body === undefined) request.body = {};
  done();
};

const bodySchema = ({ json, form, file }: OperationBody): { body?: unknown } => {
  if (json === undefined) return {};
  if (form === undefined && file === undefined) return { body: json };
  return { body: { content: { 'application/json': { schema: json } } } };
};

/** Only of answers that are JSON alone: a schema makes a serializer, and a file needs none. */
const responseSchemas = (
  answers: Readonly<Record<number, OperationAnswer>>,
): { response?: Record<string, TSchema> } => {
  const schemas = Object.entries(answers).flatMap(([status, { json, file }]) =>
    json === undefined || file !== undefined ? [] : [[status, json]],
  );
  return schemas.length === 0 ? {} : { response: Object.fromEntries(schemas) };
};
