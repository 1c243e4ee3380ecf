import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawFile } from '../support/pictures.ts';
import { json, post, postFile, startImages } from '../support/platform.ts';

let service: RunningService;
let host: Server;
let picture: Buffer;
beforeAll(async () => {
  service = await startImages({
    ALLOW_PRIVATE_ADDRESSES: 'true',
    MAXIMUM_FILE_BYTES: '2000000',
    MAXIMUM_PIXELS: '1000000',
  });
  picture = await drawFile('webp', 320, 240);
  host = createServer((_, response) => response.end(picture)).listen(0, '127.0.0.1');
  await once(host, 'listening');
});
afterAll(async () => {
  host.close();
  await service.stop();
});

const form = (bytes: Uint8Array) => {
  const body = new FormData();
  body.set('file', new File([new Uint8Array(bytes)], 'x.txt'));
  return fetch(`${service.url}/images`, { method: 'POST', body });
};

test('the same picture as base64, data URL, multipart, body and url is one image', async () => {
  const base64 = picture.toString('base64');
  const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}/picture`;
  const answers = [
    await post(`${service.url}/images`, { data: base64 }),
    await post(`${service.url}/images`, { data: `data:image/webp;base64,${base64}` }),
    await form(picture),
    await postFile(`${service.url}/images`, picture, 'image/png'),
    await post(`${service.url}/images`, { url }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const images = await Promise.all(answers.map((answer) => json<{ id: number; data: string }>(answer)));
  expect(new Set(images.map(({ id }) => id)).size).toBe(1);
  for (const { data } of images) expect(data).toBe(base64);
});

test('ten uploads of the same bytes at once are one image', async () => {
  const bytes = await drawFile('png', 200, 100);
  const answers = await Promise.all(Array.from({ length: 10 }, () => postFile(`${service.url}/images`, bytes)));
  const ids = await Promise.all(answers.map(async (answer) => (await json(answer)).id));
  expect(new Set(ids).size).toBe(1);
});

test('the same bytes with a lower threshold gain the tags between', async () => {
  const bytes = await drawFile('jpeg', 500, 500);
  const tagsAt = async (threshold: number) =>
    (await json<{ tags: unknown[] }>(postFile(`${service.url}/images?min_confidence=${threshold}`, bytes))).tags.length;
  const few = await tagsAt(99.9);
  const many = await tagsAt(1);
  expect(many).toBeGreaterThan(few);
  expect(await tagsAt(99.9)).toBe(few);
  const { id } = await json(postFile(`${service.url}/images`, bytes));
  expect((await json<{ tags: unknown[] }>(fetch(`${service.url}/images/${id}`))).tags).toHaveLength(many);
});

test('the file, a thumbnail and where the tags came from', async () => {
  const bytes = await drawFile('jpeg', 600, 300);
  const { id } = await json(postFile(`${service.url}/images`, bytes));
  const file = await fetch(`${service.url}/images/${id}/file`);
  expect(file.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  const etag = file.headers.get('etag') ?? '';
  expect((await fetch(`${service.url}/images/${id}/file`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const thumbnail = await fetch(`${service.url}/images/${id}/thumbnail?width=64`);
  expect(thumbnail.headers.get('content-type')).toBe('image/webp');
  const small = Buffer.from(await thumbnail.arrayBuffer());
  expect(small.length).toBeLessThan(bytes.length / 4);
  expect((await fetch(`${service.url}/images/${id}/thumbnail?width=100000`)).status).toBe(400);
  expect(await json(fetch(`${service.url}/images/${id}/details`))).toMatchObject({
    id,
    format: 'jpeg',
    width: 600,
    height: 300,
    bytes: bytes.length,
    findings: expect.arrayContaining([
      expect.objectContaining({ tag: 'traffic light', tagger: 'local', model: 'centernet-mobilenetv3-coco' }),
    ]),
  });
});

describe('refused', () => {
  const code = async (response: Promise<Response>) => {
    const answer = await response;
    return `${answer.status} ${(await json(answer)).code}`;
  };
  const send = (bytes: Uint8Array) => code(postFile(`${service.url}/images`, bytes));

  test('what is no picture', async () => {
    expect(await send(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('415 images.unsupported_format');
    expect(await send(picture.subarray(0, 900))).toBe('422 images.broken_picture');
    expect(await send(Buffer.alloc(0))).toBe('400 images.empty_file');
    expect(await send(await drawFile('png', 1500, 1000))).toBe('413 images.too_many_pixels');
    expect(await send(Buffer.alloc(2_000_001))).toBe('413 images.too_large');
    expect(await send(Buffer.alloc(3_000_000))).toMatch(/^413 /);
  });

  test('what is no upload', async () => {
    const images = `${service.url}/images`;
    expect(await code(post(images, {}))).toBe('400 images.no_picture');
    expect(await code(post(images, { data: 'x', url: 'http://example.org' }))).toBe('400 images.no_picture');
    expect(await code(post(images, { data: 'no base64!' }))).toBe('400 images.invalid_base64');
    expect(await code(post(images, { data: 7 }))).toMatch(/^400 /);
    expect(await code(post(images, { url: 'file:///etc/passwd' }))).toBe('400 images.invalid_url');
    expect(await code(postFile(images, picture, 'text/plain'))).toMatch(/^415 /);
    expect(await code(postFile(images, picture, 'application/pdf'))).toMatch(/^415 /);
    expect(await code(postFile(images, picture, 'multipart/form-data; boundary=x'))).toMatch(/^400 /);
    expect(await code(form(Buffer.alloc(2_000_001)))).toBe('413 images.too_large');
    expect(await code(postFile(`${images}?min_confidence=101`, picture))).toMatch(/^400 /);
  });

  test('queries that make no sense', async () => {
    const get = (path: string) => code(fetch(`${service.url}${path}`));
    expect(await get('/images?min_date=yesterday')).toBe('400 images.invalid_date');
    expect(await get('/images?max_date=2026-02-30')).toBe('400 images.invalid_date');
    expect(await get('/tags?min_date=2026-13-01')).toBe('400 images.invalid_date');
    expect(await get('/images?cursor=nonsense')).toBe('400 images.invalid_cursor');
    expect(await get('/images?limit=0')).toMatch(/^400 /);
    expect(await get('/images/0')).toMatch(/^400 /);
    expect(await get('/images/99999999999999')).toMatch(/^400 /);
    expect(await get('/images/one')).toMatch(/^400 /);
    expect(await get(`/images?tags=${Array.from({ length: 60 }, (_, index) => index)}`)).toBe(
      '400 images.too_many_tags',
    );
  });
});
