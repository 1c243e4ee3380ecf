import { createHash, randomBytes } from 'node:crypto';
import { type S3Server, startS3Server } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openObjectStore } from '../../src/index.ts';

describe('S3 as an object store, on the server', { timeout: 60_000 }, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.stop());

  it('makes the bucket when it is missing, once, also when two start together', async () => {
    const told: string[] = [];
    const logger = { info: (_: object, message: string) => told.push(message), warn: () => {} };
    const url = `s3://fresh?endpoint=${server.url}`;
    const together = await Promise.all([openObjectStore(url, { logger }), openObjectStore(url, { logger })]);
    expect(told).toContain('Created the bucket');
    told.length = 0;
    const later = await openObjectStore(url, { logger });
    expect(told).toEqual([]);
    await Promise.all([...together, later].map((store) => store.close()));
  });

  it('keeps stores with other prefixes of one bucket apart', async () => {
    const [whole, one, other] = await Promise.all(
      ['', '/one', '/one-more'].map((prefix) => openObjectStore(`s3://shared${prefix}?endpoint=${server.url}`)),
    );
    if (!whole || !one || !other) throw new Error('a store is missing');
    await one.put('a', Buffer.from('1'));
    await other.put('b', Buffer.from('2'));
    const keysOf = async (store: typeof one) => (await Array.fromAsync(store.list(''))).map(({ key }) => key);
    expect(await Promise.all([whole, one, other].map(keysOf))).toEqual([['one-more/b', 'one/a'], ['a'], ['b']]);
    await Promise.all([whole, one, other].map((store) => store.close()));
  });

  it('gives the etag without quotes, and of a small object it is the MD5 that S3 documents', async () => {
    const store = await openObjectStore(`s3://lake?endpoint=${server.url}`);
    const content = randomBytes(1_000);
    expect((await store.put('a', content)).etag).toBe(createHash('md5').update(content).digest('hex'));
    await store.close();
  });

  it('tells a missing bucket from a missing object', async () => {
    const store = await openObjectStore(`s3://vanishing?endpoint=${server.url}`);
    await server.removeBucket('vanishing');
    const gone = { status: 503, code: 'object_store.unavailable', message: expect.stringContaining('"vanishing"') };
    await expect(store.get('a')).rejects.toMatchObject(gone);
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject(gone);
    await expect(store.check()).rejects.toMatchObject(gone);
    await expect(Array.fromAsync(store.list(''))).rejects.toMatchObject(gone);
    await store.close();
  });

  it('says that nobody answers at the endpoint', async () => {
    const opening = openObjectStore('s3://lake?endpoint=http://127.0.0.1:1');
    const message = expect.stringMatching(/"lake" at http:\/\/127\.0\.0\.1:1\/ failed: .*ECONNREFUSED/);
    await expect(opening).rejects.toMatchObject({ status: 503, code: 'object_store.unavailable', message });
  });
});
