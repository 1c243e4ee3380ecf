import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../src/http/app.ts';
import { createLogger } from '../src/logger.ts';

const mebibyte = 2 ** 20;
let app: App;
let base: string;

beforeEach(async () => {
  app = await createApp({
    name: 'test',
    title: 'Test',
    description: 'A test',
    version: '1.0.0',
    logger: createLogger({ name: 'test', level: 'silent' }),
    bodyTimes: { stallMs: 200, smallMs: 400 },
  });
  app.post('/small', async ({ body }) => ({ body: body === undefined ? 'none' : typeof body }));
  app.post('/large', { bodyLimit: 40 * mebibyte }, async ({ body }) => ({
    length: Array.isArray(body) ? body.length : Object.keys(body as object).length,
  }));
  app.post(
    '/strict',
    {
      bodyLimit: 40 * mebibyte,
      schema: { body: Type.Object({ name: Type.String() }, { additionalProperties: false }) },
    },
    async () => ({}),
  );
  app.get('/health/live', async () => ({ status: 'ok' }));
  base = await app.listen({ port: 0 });
});
afterEach(() => app.close());

const post = (path: string, body: string | Uint8Array<ArrayBuffer> | ReadableStream, headers: Record<string, string>) =>
  fetch(`${base}${path}`, {
    method: 'POST',
    body,
    headers,
    signal: AbortSignal.timeout(10_000),
    ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  } as RequestInit);
const gzipped = new Uint8Array(gzipSync('{"size":1}'));

describe('a body of a type that no route takes', () => {
  it.each(['text/plain', 'application/x-unknown', 'multipart/form-data; boundary=x'])(
    'is refused at once when it is compressed (%s)',
    async (type) => {
      const response = await post('/small', gzipped, { 'content-type': type, 'content-encoding': 'gzip' });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ code: 'test.unsupported_media_type' });
    },
  );

  it('is refused when it is compressed and comes in chunks, also where it is not what it says', async () => {
    const type = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    expect((await post('/small', new Blob([gzipped]).stream(), type)).status).toBe(415);
    expect((await post('/small', new Blob(['no gzip']).stream(), type)).status).toBeLessThan(500);
  });

  it('is read where the type is known', async () => {
    const response = await post('/small', gzipped, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    expect(await response.json()).toEqual({ body: 'object' });
  });
});

/** Sends a head and then `piece` again and again. @returns what is answered, and after how long */
const drip = async (path: string, head: string, piece: string, everyMs: number) => {
  const began = performance.now();
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n${head}\r\n\r\n`);
  for (let round = 0; round < 30 && answer === ''; round += 1) {
    if (piece !== '') socket.write(piece);
    await delay(everyMs);
  }
  socket.destroy();
  return { answer, ms: performance.now() - began };
};

describe('a body that does not come', () => {
  it.each(['/small', '/large'])('is given up when nothing of it comes any more (%s)', async (path) => {
    const { answer } = await drip(path, 'content-length: 100', '', 50);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"test.request_timeout"');
  });

  it('is given up after a while when it is small and comes slowly', async () => {
    const { answer } = await drip('/small', 'content-length: 1000', '{', 50);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });

  it('may take its time when it is large', async () => {
    const { answer, ms } = await drip('/large', 'content-length: 1000', '[', 40);
    expect(answer).toBe('');
    expect(ms).toBeGreaterThan(1000);
  });

  it('harms nobody who sends nothing because nothing is to be sent', async () => {
    app.server.keepAliveTimeout = 5_000;
    const [first, second] = [
      await fetch(`${base}/health/live`),
      await delay(600).then(() => fetch(`${base}/health/live`)),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
  });
});

describe('JSON that is too much', () => {
  const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join()}}`;
  it.each([
    ['nested in a small body', '/small', '['.repeat(1000)],
    ['nested in a large body', '/large', '['.repeat(30 * mebibyte)],
    ['an object of too many keys', '/large', keys(2_500_000)],
    ['too many small arrays', '/large', `[${'[],'.repeat(2 * mebibyte)}[]]`],
  ])('is refused before anything is made of it: %s', { timeout: 60_000 }, async (_, path, body) => {
    const response = await post(path, body, { 'content-type': 'application/json' });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'test.too_complex', error: expect.stringMatching(/\.$/) });
  });

  it('tells the first mistake of a large body, and all of a small one', async () => {
    const type = { 'content-type': 'application/json' };
    const many = (await (await post('/strict', keys(15_000), type)).json()) as { details: { problems: unknown[] } };
    const few = (await (await post('/strict', keys(3), type)).json()) as { details: { problems: unknown[] } };
    expect([many.details.problems.length, few.details.problems.length]).toEqual([1, 4]);
  });

  it.each([
    ['many keys in many objects', `[${Array.from({ length: 40 }, () => keys(15_000)).join()}]`],
    ['a long list', `[${'1.5,'.repeat(7 * mebibyte)}1]`],
    ['blank', `[${' '.repeat(30 * mebibyte)}]`],
  ])('lets a question after it be answered before it: %s', { timeout: 60_000 }, async (_, body) => {
    const order: string[] = [];
    // Not fetch, which prepares the body for so long that the question would come first.
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const slow = request(`${base}/large`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      });
      slow.on('error', reject);
      slow.on('response', (response) => {
        order.push('large');
        response.resume().on('end', () => resolve(response.statusCode));
      });
      slow.end(body, async () => {
        order.push('asked');
        await fetch(`${base}/health/live`);
        order.push('live');
      });
    });
    expect(await answered).toBe(200);
    expect(order).toEqual(['asked', 'live', 'large']);
  });
});
