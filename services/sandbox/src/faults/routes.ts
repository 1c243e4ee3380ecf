import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import { broken, endless, garbage, htmlPage } from './bodies.ts';
import { createFaults } from './faults.ts';
import { Fault, FaultList } from './schema.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How the API that the route stands in for words an error; a plain text when left out. */
    faultBody?: (status: number) => object;
  }
}

const ownPaths = '/sandbox/';

/**
 * Adds `/sandbox/faults`, the switch with which people and tests make a stand-in fail, and the hooks that obey it. They hold
 * for every path of the app but the switch's own, whichever stand-in answers there.
 */
export const faultRoutes = (app: App) => {
  const faults = createFaults();
  const hanging = new Set<Socket>();
  const bodyFaults = new WeakMap<object, 'cut' | 'short'>();

  app.get(
    '/sandbox/faults',
    { schema: { summary: 'The failures that are switched on', tags: ['faults'], response: { 200: FaultList } } },
    () => ({ items: [...faults.list()] }),
  );
  app.post(
    '/sandbox/faults',
    { schema: { summary: 'Make requests fail', tags: ['faults'], body: Fault, response: { 201: Fault } } },
    async (request, reply) => {
      faults.add(request.body);
      return reply.code(201).send(request.body);
    },
  );
  app.delete(
    '/sandbox/faults',
    {
      schema: {
        summary: 'Answer the truth again',
        tags: ['faults'],
        querystring: Type.Object({ path: Type.Optional(Type.String()) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      faults.remove(request.query.path);
      return reply.code(204).send(null);
    },
  );

  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    if (path.startsWith(ownPaths)) return;
    const fault = faults.take(path);
    if (fault === undefined) return;
    // What is broken is a whole, plain answer: neither a 304 nor a compressed one.
    for (const header of ['if-none-match', 'if-modified-since', 'accept-encoding']) delete request.headers[header];
    switch (fault.fault) {
      case 'html':
        return reply.type('text/html; charset=utf-8').send(htmlPage);
      case 'empty':
        return reply.type('text/csv').send('');
      case 'garbage':
        return reply.type('text/csv').send(garbage);
      case 'huge':
        return reply.type('text/csv').send(endless());
      case '500':
        return reply.code(500).type('text/plain').send('Internal Server Error');
      case '429':
        return reply
          .code(429)
          .header('retry-after', String(fault.retry_after ?? 1))
          .type('text/plain')
          .send('Too Many Requests');
      case 'status': {
        const status = fault.status ?? 503;
        const { faultBody } = request.routeOptions.config;
        return faultBody === undefined
          ? reply
              .code(status)
              .type('text/plain')
              .send(STATUS_CODES[status] ?? 'Failure')
          : reply.code(status).send(faultBody(status));
      }
      case 'reset':
        reply.hijack();
        request.raw.socket.resetAndDestroy();
        return;
      case 'hang': {
        const { socket } = request.raw;
        reply.hijack();
        hanging.add(socket);
        socket.once('close', () => hanging.delete(socket));
        return;
      }
      case 'cut':
      case 'short':
        bodyFaults.set(reply, fault.fault);
        return;
      default:
        return fault.fault satisfies never;
    }
  });

  app.addHook('onSend', async (_request, reply, payload: unknown) => {
    const fault = bodyFaults.get(reply);
    if (fault === undefined || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
    const body = Buffer.from(payload);
    if (fault === 'cut') {
      reply.header('content-length', body.length);
      return broken(body);
    }
    const half = body.subarray(0, Math.ceil(body.length / 2));
    reply.header('content-length', half.length);
    return half;
  });

  // Answers that never come would keep the server from closing.
  app.addHook('preClose', async () => {
    for (const socket of hanging) socket.destroy();
  });
};
