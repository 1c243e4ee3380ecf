import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boundary, finishedBatch, partHead, postBatch, postChunks, stagedFiles } from '../support/batches.ts';
import { plainFile } from '../support/pictures.ts';
import { json, postFile, startImages } from '../support/platform.ts';

let service: RunningService;
const pictures = temporaryFolder();
const largestFile = 65_536;
const mebibyte = 1024 * 1024;
const largestBatch = 512 * mebibyte;

beforeAll(async () => {
  service = await startImages({ IMAGES_STORE_URL: `file:${pictures}`, MAXIMUM_FILE_BYTES: String(largestFile) });
});
afterAll(() => service.stop());

const refusal = async (answer: Response): Promise<unknown[]> => [answer.status, (await json(answer)).code];

const stored = { id: expect.any(Number), error: null };
const refused = (code: string) => ({ id: null, tags: [], error: { code, error: expect.any(String) } });

test('bad items of a batch as JSON are told of in its job, and the good ones are stored', async () => {
  const data = (await plainFile('red')).toString('base64');
  const answer = await postBatch(service.url, [
    { name: 'good', data },
    { name: 'malformed', data: 'not base64!' },
    { name: 'neither' },
    { name: 'both', data, url: 'https://example.org/red.png' },
    { name: 'empty', data: '' },
    { name: 'large', data: Buffer.alloc(largestFile + 1).toString('base64') },
    { name: 'private', url: 'http://127.0.0.1:1/x' },
    { name: 'long', url: `https://example.org/${'x'.repeat(2000)}` },
    { name: 'as good', data: (await plainFile('green')).toString('base64') },
  ]);
  expect(answer.status).toBe(202);
  const { state, result } = await finishedBatch(service.url, answer);
  expect(state).toBe('succeeded');
  expect(result).toMatchObject({
    stored: 2,
    failed: 7,
    items: [
      { name: 'good', ...stored },
      { name: 'malformed', ...refused('images.invalid_base64') },
      { name: 'neither', ...refused('images.no_picture') },
      { name: 'both', ...refused('images.no_picture') },
      { name: 'empty', ...refused('images.empty_file') },
      { name: 'large', ...refused('images.too_large') },
      { name: 'private', ...refused('images.url_not_public') },
      { name: 'long', ...refused('images.invalid_url') },
      { name: 'as good', ...stored },
    ],
  });
  expect(await stagedFiles(pictures)).toEqual([]);
});

test('a file of a multipart batch that is too large or empty is told of in its job, and the next ones are stored', async () => {
  const body = new FormData();
  const append = (name: string, bytes: Uint8Array) => body.append('files', new File([new Uint8Array(bytes)], name));
  append('first.png', await plainFile('blue'));
  append('too-large.png', new Uint8Array(largestFile + 1));
  append('far-too-large.png', new Uint8Array(4 * mebibyte));
  append('empty.png', new Uint8Array());
  append('as-large-as-may-be.bin', new Uint8Array(largestFile));
  append('last.png', await plainFile('yellow'));
  const answer = await fetch(`${service.url}/images/batch`, { method: 'POST', body });
  expect(answer.status).toBe(202);
  const { result } = await finishedBatch(service.url, answer);
  expect(result.items).toMatchObject([
    { name: 'first.png', ...stored },
    { name: 'too-large.png', ...refused('images.too_large') },
    { name: 'far-too-large.png', ...refused('images.too_large') },
    { name: 'empty.png', ...refused('images.empty_file') },
    { name: 'as-large-as-may-be.bin', ...refused('images.unsupported_format') },
    { name: 'last.png', ...stored },
  ]);
  expect(await stagedFiles(pictures)).toEqual([]);
});

test('a file without a name is called by its number', async () => {
  async function* chunks() {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="files"\r\ncontent-type: application/octet-stream\r\n\r\n`;
    yield Buffer.concat([Buffer.from(head), await plainFile('orange'), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  }
  const { result } = await finishedBatch(service.url, await postChunks(service.url, chunks()));
  expect(result.items).toMatchObject([{ name: '1', ...stored }]);
});

test('a body that is no batch is refused as a whole', async () => {
  const url = `${service.url}/images/batch`;
  const picture = await plainFile('pink');
  expect(await refusal(await postFile(url, picture, 'image/jpeg'))).toEqual([415, 'images.unsupported_media_type']);
  expect(await refusal(await postFile(url, picture))).toEqual([415, 'images.unsupported_media_type']);
  expect(await refusal(await postFile(url, picture, 'text/plain'))).toEqual([415, 'images.unsupported_media_type']);
  expect((await postFile(url, picture, 'application/json')).status).toBe(400);
  expect(await refusal(await postBatch(service.url, []))).toEqual([400, 'images.invalid_request']);
  const body = new FormData();
  body.set('comment', 'no file');
  expect(await refusal(await fetch(url, { method: 'POST', body }))).toEqual([400, 'images.no_picture']);
  const type = `multipart/form-data; boundary=${boundary}`;
  const broken = await postFile(url, Buffer.from(`${partHead('cut.png')}half of`), type);
  expect(await refusal(broken)).toEqual([400, 'images.malformed_multipart']);
  expect(await stagedFiles(pictures)).toEqual([]);
});

test.for([
  { where: 'a file', filename: 'endless.png' },
  { where: 'a field', filename: undefined },
])(
  'a body that goes on in $where after 512 MiB is refused, and nothing of it stays',
  {
    timeout: 60_000,
  },
  async ({ filename }) => {
    const zeros = new Uint8Array(mebibyte);
    async function* chunks() {
      yield Buffer.concat([Buffer.from(partHead('good.png')), await plainFile('brown')]);
      yield Buffer.from(partHead(filename));
      for (let sent = 0; sent <= largestBatch; sent += mebibyte) yield zeros;
      yield Buffer.concat([Buffer.from(partHead('last.png')), Buffer.from(`x\r\n--${boundary}--\r\n`)]);
    }
    const answer = await postChunks(service.url, chunks(), { idempotencyKey: `endless ${filename}` });
    expect(await refusal(answer)).toEqual([413, 'images.batch_too_large']);
    expect(await stagedFiles(pictures)).toEqual([]);
  },
);

test('a body that announces more than 512 MiB is refused before it is sent', async () => {
  const sending = request(`${service.url}/images/batch`, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': largestBatch + 1 },
  });
  sending.flushHeaders();
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(413);
  expect(JSON.parse(Buffer.concat(await answer.toArray()).toString())).toMatchObject({
    code: 'images.batch_too_large',
    details: { maximum_bytes: largestBatch },
  });
  sending.destroy();
});

test('JSON of more than 64 MiB is too large a batch', { timeout: 60_000 }, async () => {
  const answer = await postBatch(service.url, [{ data: 'x'.repeat(64 * mebibyte) }]);
  expect(await refusal(answer)).toEqual([413, 'images.batch_too_large']);
});
