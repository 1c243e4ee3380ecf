import { type Database, openDatabase } from '@vindima/database';
import { createLogger, createUpstreamClient, type RunningService, type UpstreamClient } from '@vindima/service-kit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { imagesMigrations } from '../../src/db/migrations.ts';
import { createRemoteCopies } from '../../src/db/remote-copies.ts';
import type { ImagesTables } from '../../src/db/tables.ts';
import { type Picture, readPicture } from '../../src/picture/read-picture.ts';
import { createImageKit } from '../../src/tagging/imagga/imagekit.ts';
import { createImagga } from '../../src/tagging/imagga/imagga.ts';
import type { RemoteCopies } from '../../src/tagging/imagga/remote-copies.ts';
import { createImaggaTagger, sweepCopies } from '../../src/tagging/imagga/tagger.ts';
import { plainFile } from '../support/pictures.ts';
import { breakSandbox, startSandbox } from '../support/platform.ts';

let sandbox: RunningService;
let http: UpstreamClient;
let database: Database<ImagesTables>;
let copies: RemoteCopies;
let picture: Picture;
beforeAll(async () => {
  sandbox = await startSandbox();
  http = createUpstreamClient();
  database = await openDatabase<ImagesTables>({
    url: 'sqlite::memory:',
    service: 'Pictures',
    migrations: imagesMigrations,
  });
  copies = createRemoteCopies(database.query, () => new Date());
  picture = await readPicture(await plainFile('red'), { maximumPixels: 1e6, previewEdge: 100 });
});
afterEach(() => breakSandbox(sandbox));
afterAll(async () => {
  await http.close();
  await database.close();
  await sandbox.stop();
});

const parts = (credentials: { apiKey?: string; privateKey?: string } = {}) => {
  const { apiKey = 'acc_test', privateKey = 'private_test' } = credentials;
  const base = sandbox.url;
  const imageKit = createImageKit(http, {
    uploadUrl: `${base}/imagekit/api/v1/files/upload`,
    apiUrl: `${base}/imagekit/v1`,
    privateKey,
    timeoutMs: 500,
  });
  const imagga = createImagga(http, { url: `${base}/imagga/v2`, apiKey, apiSecret: 'secret', timeoutMs: 500 });
  return { imageKit, imagga };
};

const tagger = (credentials = {}) =>
  createImaggaTagger({
    ...parts(credentials),
    copies,
    size: 1024,
    isSandbox: true,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });

/** What is on ImageKit, by its own account. */
const onImageKit = async (): Promise<number> => {
  const authorization = `Basic ${Buffer.from('private_test:').toString('base64')}`;
  return ((await (await fetch(`${sandbox.url}/imagekit/v1/files?path=/`, { headers: { authorization } })).json()) as [])
    .length;
};

const outcome = async (credentials = {}): Promise<string> => {
  const asked = tagger(credentials);
  const result = await asked.tag(picture, new AbortController().signal).then(
    ({ findings }) => `${findings.length} findings`,
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );
  await asked.close();
  return result;
};

const upload = '/imagekit/api/v1/files/upload';
const tags = '/imagga/v2/tags';

test('a picture goes to ImageKit, its address to Imagga, and the copy is removed', async () => {
  const { findings, tagger: name } = await tagger().tag(picture, new AbortController().signal);
  expect(name).toBe('imagga');
  expect(findings[0]).toMatchObject({ confidence: 100 });
  expect(findings.length).toBeGreaterThan(20);
  expect(await onImageKit()).toBe(0);
  expect(await copies.olderThan(new Date(Date.now() + 1000))).toEqual([]);
});

// Each status of both APIs' documentation, and servers that hang, tear the connection or talk nonsense.
test.each([
  [upload, { fault: 'status', status: 400 }, '422 images.tagger_refused'],
  [upload, { fault: 'status', status: 401 }, '502 images.tagger_credentials'],
  [upload, { fault: 'status', status: 403 }, '503 images.tagger_quota'],
  [upload, { fault: 'status', status: 404 }, '502 images.tagger_outage'],
  [upload, { fault: 'status', status: 429 }, '503 images.tagger_busy'],
  [upload, { fault: 'status', status: 500 }, '502 images.tagger_outage'],
  [upload, { fault: 'status', status: 503 }, '502 images.tagger_outage'],
  [upload, { fault: '500' }, '502 images.tagger_outage'],
  [upload, { fault: 'hang' }, '504 upstream.timeout'],
  [upload, { fault: 'reset' }, '502 upstream.failed'],
  [upload, { fault: 'html' }, '502 images.tagger_outage'],
  [upload, { fault: 'empty' }, '502 images.tagger_outage'],
  [upload, { fault: 'garbage' }, '502 images.tagger_outage'],
  [upload, { fault: 'short' }, '502 images.tagger_outage'],
  [upload, { fault: 'cut' }, '502 upstream.failed'],
  [upload, { fault: 'huge' }, '502 upstream.failed'],
  [tags, { fault: 'status', status: 400 }, '422 images.tagger_refused'],
  [tags, { fault: 'status', status: 401 }, '502 images.tagger_credentials'],
  [tags, { fault: 'status', status: 403 }, '503 images.tagger_quota'],
  [tags, { fault: 'status', status: 404 }, '502 images.tagger_outage'],
  [tags, { fault: 'status', status: 405 }, '502 images.tagger_outage'],
  [tags, { fault: 'status', status: 406 }, '502 images.tagger_outage'],
  [tags, { fault: 'status', status: 410 }, '502 images.tagger_outage'],
  [tags, { fault: 'status', status: 429 }, '503 images.tagger_busy'],
  [tags, { fault: 'status', status: 500 }, '502 images.tagger_outage'],
  [tags, { fault: 'status', status: 503 }, '502 images.tagger_outage'],
  [tags, { fault: '500' }, '502 images.tagger_outage'],
  [tags, { fault: 'hang' }, '504 upstream.timeout'],
  [tags, { fault: 'reset' }, '502 upstream.failed'],
  [tags, { fault: 'html' }, '502 images.tagger_outage'],
  [tags, { fault: 'empty' }, '502 images.tagger_outage'],
  [tags, { fault: 'garbage' }, '502 images.tagger_outage'],
  [tags, { fault: 'short' }, '502 images.tagger_outage'],
  [tags, { fault: 'cut' }, '502 upstream.failed'],
  [tags, { fault: 'huge' }, '502 upstream.failed'],
])('%s with %j is a clear failure, and nothing stays on ImageKit', async (path, fault, expected) => {
  await breakSandbox(sandbox, { path, ...fault });
  expect(await outcome()).toBe(expected);
  await breakSandbox(sandbox);
  // A cut answer hides an upload that succeeded: the list of copies knows its name.
  await sweepCopies(parts().imageKit, copies, new Date(Date.now() + 1000));
  expect(await onImageKit()).toBe(0);
  expect(await copies.olderThan(new Date(Date.now() + 1000))).toEqual([]);
});

test('what the API said is in the answer', async () => {
  await breakSandbox(sandbox, { path: upload, fault: 'status', status: 403 });
  await expect(tagger().tag(picture, new AbortController().signal)).rejects.toMatchObject({
    message: 'ImageKit could not tag the picture: it answered 403, "Upload Limit Exceeded".',
    details: { upstream: 'ImageKit', upstream_status: 403 },
  });
});

test('wrong keys are told apart from used up quotas', async () => {
  expect(await outcome({ apiKey: 'wrong' })).toBe('502 images.tagger_credentials');
  expect(await outcome({ privateKey: 'wrong' })).toBe('502 images.tagger_credentials');
  expect(await onImageKit()).toBe(0);
});

test('a copy whose removal fails is removed by the sweep', async () => {
  await breakSandbox(sandbox, { path: '/imagekit/v1/files/*', fault: 'status', status: 403 });
  expect(await outcome()).toMatch(/findings/);
  expect(await onImageKit()).toBe(1);
  await breakSandbox(sandbox);
  expect(await sweepCopies(parts().imageKit, copies, new Date(Date.now() + 1000))).toBe(1);
  expect(await onImageKit()).toBe(0);
});

test('a copy whose upload was never answered, because the process died, is found by its name', async () => {
  const { imageKit } = parts();
  await copies.expect('left.png');
  await imageKit.upload('left.png', picture.bytes, 'image/png', new AbortController().signal);
  expect(await onImageKit()).toBe(1);
  await sweepCopies(imageKit, copies, new Date(Date.now() + 1000));
  expect(await onImageKit()).toBe(0);
});

test('a copy that arrives after its upload was given up is removed by the sweep', async () => {
  await breakSandbox(sandbox, { path: upload, fault: 'hang' });
  expect(await outcome()).toBe('504 upstream.timeout');
  await breakSandbox(sandbox);
  const { imageKit } = parts();
  for (const { name } of await copies.olderThan(new Date(Date.now() + 1000))) {
    await imageKit.upload(name, picture.bytes, 'image/png', new AbortController().signal);
  }
  expect(await onImageKit()).toBe(1);
  await sweepCopies(imageKit, copies, new Date(Date.now() + 1000));
  expect(await onImageKit()).toBe(0);
  expect(await copies.olderThan(new Date(Date.now() + 1000))).toEqual([]);
});

test('a copy that cannot be removed does not keep the sweep from the others', async () => {
  const { imageKit } = parts();
  for (const name of ['first.png', 'second.png']) {
    await copies.expect(name);
    const { fileId } = await imageKit.upload(name, picture.bytes, 'image/png', new AbortController().signal);
    await copies.uploaded(name, fileId);
  }
  const sweep = () => sweepCopies(imageKit, copies, new Date(Date.now() + 1000));
  await breakSandbox(sandbox, { path: '/imagekit/v1/files/*', fault: 'status', status: 400, times: 1 });
  await expect(sweep()).rejects.toMatchObject({ code: 'images.tagger_refused' });
  expect(await onImageKit()).toBe(1);
  expect(await sweep()).toBe(1);
  expect(await onImageKit()).toBe(0);
});
