import { type AddressInfo, connect } from 'node:net';
import { ServiceError } from '@vindima/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAdmission } from '../../src/operations/admission.ts';

const fileBytes = 600;
let app: FastifyInstance;
let url: string;
let release: PromiseWithResolvers<void>;

beforeEach(async () => {
  release = Promise.withResolvers();
  app = Fastify();
  app.setErrorHandler((error, _, reply) =>
    error instanceof ServiceError ? reply.code(error.status).headers(error.headers).send(error.code) : error,
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const admit = createAdmission(1000, fileBytes, 200);
  app.post('/', { onRequest: admit }, async (request, reply) => {
    if (request.headers['x-fetch'] !== undefined) admit.take(reply, fileBytes);
    await release.promise;
    return 'taken';
  });
  app.addContentTypeParser('slow/reader', (_request, payload, done) => {
    setTimeout(() => payload.resume().once('end', () => done(null)), 600);
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  release.resolve();
  await app.close();
});

const send = (bytes: number, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new Uint8Array(bytes), headers: { 'content-type': 'image/png', ...headers } });

/** Lets those that are admitted wait in the handler. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

test('uploads that are too much together are asked to come back', async () => {
  const first = send(600);
  await settle();
  const second = await send(500);
  expect([second.status, second.headers.get('retry-after'), await second.text()]).toEqual([
    503,
    '1',
    'images.too_busy',
  ]);
  release.resolve();
  expect((await first).status).toBe(200);
  await settle();
  expect((await send(500)).status).toBe(200);
});

test('a file that is fetched counts as well', async () => {
  const first = send(10, { 'x-fetch': 'yes' });
  await settle();
  expect((await send(10, { 'x-fetch': 'yes' })).status).toBe(503);
  release.resolve();
  expect((await first).status).toBe(200);
});

test('whoever announces a body and does not send it is let go', async () => {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: test\r\nContent-Type: image/png\r\nContent-Length: 600\r\n\r\n');
  await settle();
  expect((await send(500)).status).toBe(503);
  await new Promise((resolve) => socket.once('close', resolve));
  release.resolve();
  expect((await send(500)).status).toBe(200);
});

test('whoever sent what is not read yet is not let go', async () => {
  const slow = send(600, { 'content-type': 'slow/reader' });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  socket.write('POST / HTTP/1.1\r\nHost: test\r\nContent-Type: slow/reader\r\nContent-Length: 300\r\n\r\n');
  socket.write('x'.repeat(200));
  await new Promise((resolve) => setTimeout(resolve, 550));
  socket.write('x'.repeat(100));
  release.resolve();
  expect((await slow).status).toBe(200);
  while (received === '') await settle();
  expect(received).toMatch(/^HTTP\/1.1 200 /);
  socket.destroy();
});

test('whoever has sent everything may wait for the answer', async () => {
  const waiting = send(600);
  await new Promise((resolve) => setTimeout(resolve, 500));
  release.resolve();
  expect((await waiting).status).toBe(200);
});
