import type { FastifyCorsOptions } from '@fastify/cors';
import type { App } from '@vindima/service-kit';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a page of the gateway itself may load; data may load nothing. */
    contentPolicy?: string;
  }
}

/**
 * On every answer, those of services too: nothing in them may run, be framed or be read by another site. They are always the same, so
 * they are written here rather than put together for each request; what they do is said at https://owasp.org/www-project-secure-headers/.
 * TLS ends before the gateway; whoever ends it decides about HSTS.
 */
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export const registerSecurityHeaders = (app: App): void => {
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(headers);
    done();
  });
  app.addHook('onRoute', (route) => {
    const { contentPolicy } = route.config ?? {};
    if (contentPolicy === undefined) return;
    const hooks = route.onRequest === undefined ? [] : [route.onRequest].flat();
    route.onRequest = [
      ...hooks,
      (_, reply, done) => {
        reply.header('content-security-policy', contentPolicy);
        done();
      },
    ];
  });
};

const ownOnly =
  "default-src 'none'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
export const pagePolicy = `${ownOnly}; style-src 'self'`;
/** Swagger UI writes styles into its elements. */
export const docsPolicy = `${ownOnly}; style-src 'self' 'unsafe-inline'`;

/** @param list origins, separated by commas */
export const corsOptions = (list: string): FastifyCorsOptions => ({
  origin: list.split(',').map((origin) => origin.trim()),
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'x-api-key', 'x-request-id'],
  exposedHeaders: [
    'content-disposition',
    'location',
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'x-next-cursor',
    'x-request-id',
    'x-total-count',
  ],
  maxAge: 600,
});
