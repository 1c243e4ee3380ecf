import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerOptions, ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type Operation, openApiDocument } from '@vindima/contracts';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController, type RawServerDefault } from 'fastify';
import type { Logger } from '../logger.ts';
import { type BodyTimes, refuseCompressedForms, refuseUnlessEmpty, registerBodyTimes } from './bodies.ts';
import { registerEarlyAnswers } from './early-answers.ts';
import { registerErrors } from './errors.ts';
import { createJsonParser } from './json/parser.ts';
import { asSeenOutside, withoutBase } from './public-place.ts';
import { registerUnknownPaths } from './unknown-paths.ts';
import { answerUnreadable, answerUnroutable } from './unroutable.ts';
import { createValidatorCompiler } from './validation.ts';
import { registerWhoMayCall } from './who-may-call.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the server begins to close: streams that never end by themselves must end then. */
    readonly closing: AbortSignal;
    /** What the server answers, in the order of registration. */
    readonly operations: readonly Operation[];
    /** The path below which a proxy serves it; empty where there is none. */
    readonly publicBase: string;
  }
}

/** A service's HTTP side: Fastify with the types of its schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface AppOptions {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly logger: Logger;
  /** The class of the server's responses. Default: Node's own. */
  readonly responses?: ServerOptions['ServerResponse'];
  /** Bytes; a route may have its own. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** What the gateway shows; each is good. Default: none, and nobody is asked for one. */
  readonly internalTokens?: readonly string[];
  /** Whether programs of this machine need no token: then pages of other sites are kept out. Default false. */
  readonly answersLocalCalls?: boolean;
  /** Addresses whose `X-Forwarded-For` is believed, separated by commas. */
  readonly trustedProxies?: string;
  /** When a body that stops coming is given up. */
  readonly bodyTimes?: BodyTimes;
  /** Whether `/docs` and `/openapi.json` are served. Default true. */
  readonly documents?: boolean;
  /** The path below which a proxy serves it, which the proxy may leave on or take off. Default: none. */
  readonly publicBase?: string;
}

/**
 * The HTTP side that all services share: request ids, one form of errors, strict validation, compression, OpenAPI 3.1 at
 * `/openapi.json` and Swagger UI at `/docs`. Slashes at the end of a path are ignored.
 */
export const createApp = async (options: AppOptions): Promise<App> => {
  const base = options.publicBase ?? '';
  const app = Fastify({
    loggerInstance: withoutChildren(options.logger),
    // A line for every request would cost more than many of the requests; metrics count them, errors are logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    trustProxy: options.trustedProxies ?? false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    genReqId: requestId,
    ...(base === '' ? {} : { rewriteUrl: ({ url = '/' }: IncomingMessage) => withoutBase(url, base) }),
    frameworkErrors: answerUnroutable(options.name),
    clientErrorHandler: answerUnreadable(options.name),
    ...(options.responses === undefined ? {} : { http: { ServerResponse: options.responses } }),
    requestTimeout: 0,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  const operations: Operation[] = [];
  app.decorate('operations', operations);
  app.addHook('onRoute', ({ config, method }) => {
    if (config?.operation !== undefined && method !== 'HEAD') operations.push(config.operation);
  });
  app.setValidatorCompiler(createValidatorCompiler());
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.decorate('publicBase', base);
  app.addHook('preClose', async () => {
    closing.abort();
    // A connection whose answer ends while the server closes would be kept alive, and nobody would come to close it.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 100);
    app.server.once('close', () => clearInterval(sweep));
  });
  registerErrors(app as never, options.name);
  registerUnknownPaths(app as never, options.name);
  registerEarlyAnswers(app as never);
  registerBodyTimes(app as never, options.name, options.bodyTimes);
  refuseCompressedForms(app as never, options.name);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, createJsonParser(app as never, options.name));
  // Fastify would take it for a text that every route understands.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', refuseUnlessEmpty);
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    for (const name of base === '' ? [] : ['location', 'link']) {
      const value = reply.getHeader(name);
      if (value !== undefined) reply.header(name, asSeenOutside(name, value, base));
    }
    done(null, payload);
  });
  registerWhoMayCall(app, options.name, {
    internalTokens: options.internalTokens ?? [],
    answersLocalCalls: options.answersLocalCalls ?? false,
  });
  await app.register(compress, {
    threshold: 2048,
    encodings: ['br', 'gzip', 'deflate'],
    // Brotli's own default (11) is for files that are compressed once; at 1 it is about as small as gzip, in a third of the time.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: options.title, description: options.description, version: options.version },
      tags: [],
    },
  });
  if (options.documents ?? true) {
    await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list' } });
    app.get('/openapi.json', { schema: { hide: true } }, () => documentOf(app, options));
  }
  return app;
};

/** Of its operations; routes of services that are not written as operations yet are described by their schemas. */
const documentOf = (app: App, { title, description, version }: AppOptions) => {
  if (Object.keys(app.swagger().paths ?? {}).length > new Set(app.operations.map(({ path }) => path)).size)
    return app.swagger();
  const tags = Object.fromEntries(app.operations.map(({ tag }) => [tag, '']));
  return openApiDocument({ title, description, version, operations: app.operations, tags });
};

/**
 * Fastify would make a child logger for every request, which costs more than many of them; what is logged names the request. Not by a factory of
 * our own: what that returns is looked at for its methods each time.
 */
const withoutChildren = (logger: Logger): FastifyBaseLogger =>
  Object.assign(Object.create(logger), {
    child() {
      return this;
    },
  });

const requestId = (request: IncomingMessage) => {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
};
