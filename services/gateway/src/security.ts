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
export const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** On pages besides: data opens no windows and follows no links, and `frame-ancestors` above keeps it out of frames. */
const pageHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/** Sets them on what the gateway answers itself; what it passes on has them from `answerHeaders`. */
export const registerSecurityHeaders = (app: App): void => {
  app.addHook('onSend', (request, reply, payload, done) => {
    const { contentPolicy } = request.routeOptions.config ?? {};
    reply.headers(securityHeaders);
    if (contentPolicy !== undefined) reply.headers({ ...pageHeaders, 'content-security-policy': contentPolicy });
    done(null, payload);
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
  allowedHeaders: [
    'authorization',
    'content-type',
    'idempotency-key',
    'last-event-id',
    'x-api-key',
    'x-reference',
    'x-request-id',
  ],
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
