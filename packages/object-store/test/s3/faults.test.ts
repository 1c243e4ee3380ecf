import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectStore, openObjectStore } from '../../src/index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What S3 servers do wrong, and what is sent to them, on the wire. */
describe('S3 as an object store, on the wire', { timeout: 60_000 }, () => {
  let server: Server;
  let store: ObjectStore;
  let url: string;
  let answer: Answer;
  let requests: IncomingMessage[];
  let warnings: string[];

  beforeEach(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'anybody';
    process.env.AWS_SECRET_ACCESS_KEY = 'anything';
    requests = [];
    warnings = [];
    answer = (_, response) => response.end();
    server = createServer((request, response) => {
      requests.push(request);
      request.resume();
      // A request that we abort; the server has nothing to say to it.
      request.on('error', () => {});
      request.on('end', () => answer(request, response));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    const logger = { info: () => {}, warn: (_: object, message: string) => warnings.push(message) };
    url = `s3://lake?endpoint=http://127.0.0.1:${address.port}`;
    store = await openObjectStore(url, { logger });
    requests.length = 0;
  });
  afterEach(async () => {
    await store.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const sent = () => requests.map(({ method, url }) => `${method} ${url?.replace(/[?&]x-id=\w+/, '')}`);

  /** A multipart upload that goes well, as far as the test lets it. */
  function takeParts(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST' && request.url?.includes('uploads')) {
      response.setHeader('content-type', 'application/xml');
      response.end('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>');
    } else if (request.method === 'PUT') {
      response.setHeader('etag', '"part"');
      response.end();
    } else if (request.method === 'POST') {
      response.setHeader('content-type', 'application/xml');
      response.end('<CompleteMultipartUploadResult><ETag>"whole-2"</ETag></CompleteMultipartUploadResult>');
    } else {
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    }
  }

  it('sends bodies as they are: no checksum trailers, no aws-chunked, a length and a signed digest', async () => {
    answer = takeParts;
    await store.put('small', Readable.from([Buffer.from('abc')]));
    expect(await store.put('large', Readable.from([Buffer.alloc(9_000_000)]))).toMatchObject({ etag: 'whole-2' });
    const puts = requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ headers }) => headers['content-length'])).toEqual(['3', '8388608', '611392']);
    for (const { headers } of puts) {
      expect(
        Object.keys(headers).filter((name) => /checksum|trailer|content-encoding|transfer-encoding/.test(name)),
      ).toEqual([]);
      expect(headers['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('has removed the parts of an aborted upload when the put rejects', async () => {
    const controller = new AbortController();
    answer = (request, response) => {
      // The second part never gets its answer.
      if (request.url?.includes('partNumber=2')) controller.abort(new Error('enough'));
      else takeParts(request, response);
    };
    const put = store.put('a', Readable.from([Buffer.alloc(36_000_000)]), { signal: controller.signal });
    await expect(put).rejects.toThrow('enough');
    expect(sent().at(-1)).toBe('DELETE /lake/a?uploadId=u1');
    expect(sent().filter((line) => line.startsWith('POST'))).toEqual(['POST /lake/a?uploads=']);
  });

  it('removes the parts of a failed upload only when the one on its way has arrived', async () => {
    const order: string[] = [];
    answer = (request, response) => {
      if (request.method === 'DELETE') order.push('removed');
      if (request.method !== 'PUT') return takeParts(request, response);
      setTimeout(() => {
        order.push('part arrived');
        takeParts(request, response);
      }, 100);
    };
    async function* chunks() {
      yield Buffer.alloc(18_000_000);
      throw new Error('the source broke');
    }
    await expect(store.put('a', Readable.from(chunks()))).rejects.toThrow('the source broke');
    expect(order).toEqual(['part arrived', 'part arrived', 'removed']);
  });

  it('warns when the parts of a failed upload cannot be removed, and throws what failed first', async () => {
    answer = (request, response) => {
      if (request.method === 'DELETE') response.writeHead(501).end();
      else takeParts(request, response);
    };
    async function* chunks() {
      yield Buffer.alloc(18_000_000);
      throw new Error('the source broke');
    }
    await expect(store.put('a', Readable.from(chunks()))).rejects.toThrow('the source broke');
    expect(warnings).toEqual(['Could not remove the parts of an upload that failed']);
  });

  it('tries four times, and no more, when the server fails, then says how', async () => {
    answer = (_, response) => response.writeHead(500).end();
    const failed = { status: 503, code: 'object_store.unavailable', message: expect.stringContaining('answered 500') };
    await expect(store.get('a')).rejects.toMatchObject(failed);
    expect(requests).toHaveLength(4);
  });

  it('says that access is denied instead of taking the object for missing', async () => {
    answer = (_, response) => response.writeHead(403).end();
    const denied = { status: 503, message: expect.stringContaining('denies access') };
    await expect(store.head('a')).rejects.toMatchObject(denied);
    await expect(store.get('a')).rejects.toMatchObject(denied);
  });

  it('opens and checks with credentials that may use objects but not ask for the bucket', async () => {
    answer = (_, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    };
    const logger = { info: () => {}, warn: (_: object, message: string) => warnings.push(message) };
    const narrow = await openObjectStore(url, { logger });
    await narrow.check();
    await narrow.close();
    expect(warnings).toEqual(['May not ask whether the bucket exists; assuming that it does']);
  });

  // s3rver does not compare the signatures of requests, so a wrong secret can only be tried here.
  it('does not open with a wrong secret, and says that this is it', async () => {
    answer = (_, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SignatureDoesNotMatch</Code><Message>Wrong secret</Message></Error>');
    };
    const refused = { status: 503, message: expect.stringContaining('SignatureDoesNotMatch') };
    await expect(openObjectStore(url)).rejects.toMatchObject(refused);
    await expect(store.check()).rejects.toMatchObject(refused);
  });

  it('has stored the object when only the question for its time fails', async () => {
    answer = (request, response) => {
      if (request.method === 'PUT') response.setHeader('etag', '"e"');
      response.writeHead(request.method === 'HEAD' ? 403 : 200).end();
    };
    expect(await store.put('a', Buffer.from('abc'))).toMatchObject({ key: 'a', size: 3, etag: 'e' });
    expect(warnings).toEqual(['Stored an object, but could not ask for its time']);
  });

  it('lists only what can be an object of its own', async () => {
    const contents = ['a', 'folder/', 'a//b', '../c', 'd'].map((key) => `<Contents><Key>${key}</Key></Contents>`);
    answer = (_, response) => {
      response.setHeader('content-type', 'application/xml');
      response.end(`<ListBucketResult>${contents.join('')}</ListBucketResult>`);
    };
    expect((await Array.fromAsync(store.list(''))).map(({ key }) => key)).toEqual(['a', 'd']);
  });

  it('does not take a body that was cut short for the object', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('only this');
      setImmediate(() => response.destroy());
    };
    await expect(store.get('a')).rejects.toMatchObject({ code: 'object_store.unavailable' });
    await expect(buffer(await store.stream('a'))).rejects.toThrow();
  });

  it('does not take the whole object for the range of it', async () => {
    answer = (_, response) => response.end('0123456789');
    await expect(store.stream('a', { start: 3 })).rejects.toThrow(/does not support ranges/);
  });

  it('stops reading an object that is larger than announced', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      response.end(Buffer.alloc(100_000));
    };
    await expect(store.get('a', { maximumBytes: 10 })).rejects.toMatchObject({ code: 'object_store.too_large' });
  });
});
