import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { finishedBatch, partHead, postBatch, postChunks, stagedFiles } from '../support/batches.ts';
import { plainFile } from '../support/pictures.ts';
import { json, startImages, until } from '../support/platform.ts';

let service: RunningService;
/** A host that answers nothing until it is let go: what keeps a job from its end. */
let host: Server;
let waiting: ServerResponse[] = [];
const pictures = temporaryFolder();

beforeAll(async () => {
  service = await startImages({ IMAGES_STORE_URL: `file:${pictures}`, ALLOW_PRIVATE_ADDRESSES: 'true' });
  host = createServer((_, response) => waiting.push(response)).listen(0, '127.0.0.1');
  await once(host, 'listening');
});
afterEach(() => letGo());
afterAll(async () => {
  await service.stop();
  host.close();
});

const letGo = (): void => {
  for (const response of waiting) response.writeHead(404).end();
  waiting = [];
};

/** As many as a job works on at once, so that what stands behind them waits. */
const slowItems = () => {
  const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}/slow`;
  return Array.from({ length: 4 }, () => ({ url }));
};

const item = async (colour: string) => ({ data: (await plainFile(colour)).toString('base64') });

/** A multipart upload with one whole file, which does not end until it is cut. */
const beginUpload = (colour: string, idempotencyKey: string) => {
  const cut = new AbortController();
  async function* chunks() {
    yield Buffer.concat([Buffer.from(partHead('whole.png')), await plainFile(colour)]);
    yield Buffer.from(`${partHead('half.png')}half of`);
    await once(cut.signal, 'abort');
  }
  const answer = postChunks(service.url, chunks(), { idempotencyKey, signal: cut.signal }).then(
    ({ status }) => status,
    () => 'cut',
  );
  return { answer, cut: () => cut.abort() };
};

test('other files under the key of a running batch are refused, and those that it waits for stay', async () => {
  const first = await postBatch(service.url, [...slowItems(), await item('red')], 'running');
  expect(first.status).toBe(202);
  const waitedFor = await stagedFiles(pictures);
  expect(waitedFor).toHaveLength(1);

  const other = await postBatch(service.url, [await item('red'), await item('green')], 'running');
  expect([other.status, (await json(other)).code]).toEqual([409, 'images.idempotency_key_reused']);
  expect(await stagedFiles(pictures)).toEqual(waitedFor);

  await until(async () => waiting.length === 4);
  letGo();
  const { result } = await finishedBatch(service.url, first);
  expect(result.items[4]).toMatchObject({ id: expect.any(Number), error: null });
  expect(await stagedFiles(pictures)).toEqual([]);
});

test('other files under the key of a batch that has ended are refused, and none of them stays', async () => {
  await finishedBatch(service.url, await postBatch(service.url, [await item('blue')], 'ended'));
  expect((await postBatch(service.url, [await item('blue'), await item('pink')], 'ended')).status).toBe(409);
  expect(await stagedFiles(pictures)).toEqual([]);
});

test('the same batch again while it runs is the same job', async () => {
  const items = [...slowItems(), await item('brown')];
  const first = await postBatch(service.url, items, 'again');
  const again = await postBatch(service.url, items, 'again');
  expect([again.status, again.headers.get('location')]).toEqual([202, first.headers.get('location')]);
  await until(async () => waiting.length === 4);
  letGo();
  const { result } = await finishedBatch(service.url, first);
  expect(result).toMatchObject({ stored: 1, failed: 4 });
  expect(await stagedFiles(pictures)).toEqual([]);
});

test('an upload with a key that is cut short leaves nothing', async () => {
  const upload = beginUpload('purple', 'cut');
  await until(async () => (await stagedFiles(pictures)).length === 1);
  upload.cut();
  expect(await upload.answer).toBe('cut');
  await until(async () => (await stagedFiles(pictures)).length === 0);
});

test('an upload that is cut short takes no file from the batch that its sender began meanwhile', async () => {
  const upload = beginUpload('yellow', 'retried');
  await until(async () => (await stagedFiles(pictures)).length === 1);
  const retried = await postBatch(service.url, [...slowItems(), await item('yellow')], 'retried');
  expect(retried.status).toBe(202);
  upload.cut();
  await upload.answer;
  await until(async () => waiting.length === 4);
  // The service hears of the cut by itself: what it would do then, it has done by the time of another whole upload.
  await finishedBatch(service.url, await postBatch(service.url, [{ data: '' }]));
  letGo();
  const { result } = await finishedBatch(service.url, retried);
  expect(result.items[4]).toMatchObject({ id: expect.any(Number), error: null });
  expect(await stagedFiles(pictures)).toEqual([]);
});
