import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sandbox } from '../src/service.ts';

let running: RunningService;
beforeAll(async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  running = await startService(sandbox, { environment: { PORT: '0' }, logger });
});
afterAll(() => running.stop());

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const key = basic('private_x', '');
const account = basic('acc_x', 'secret');

const call = async (path: string, init: RequestInit & { authorization?: string } = {}) => {
  const { authorization, ...rest } = init;
  const response = await fetch(running.url + path, {
    ...rest,
    headers: authorization === undefined ? {} : { authorization },
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};

const upload = (fields: Record<string, string>, bytes = 'bytes') => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (bytes !== '') body.set('file', new File([bytes], 'local.jpg', { type: 'image/jpeg' }));
  return call('/imagekit/api/v1/files/upload', { method: 'POST', body, authorization: key });
};

it('ImageKit takes a file, delivers it, lists it and removes it', async () => {
  const { status, body } = await upload({ fileName: 'a photo.jpg', folder: '/holiday', useUniqueFileName: 'false' });
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({
      name: 'a_photo.jpg',
      size: 5,
      filePath: '/holiday/a_photo.jpg',
      fileType: 'image',
      AITags: null,
    }),
  ]);
  expect(await (await fetch(body.url)).text()).toBe('bytes');
  const { body: list } = await call('/imagekit/v1/files?path=/holiday', { authorization: key });
  expect(list).toMatchObject([{ fileId: body.fileId, name: 'a_photo.jpg' }]);
  const remove = () => call(`/imagekit/v1/files/${body.fileId}`, { method: 'DELETE', authorization: key });
  expect(await remove()).toEqual({ status: 204, body: undefined });
  expect(await remove()).toEqual({
    status: 404,
    body: {
      message: 'The requested file does not exist.',
      help: 'For support kindly contact us at support@imagekit.io .',
    },
  });
  expect((await fetch(body.url)).status).toBe(404);
});

it('ImageKit gives a name of its own unless told not to', async () => {
  expect((await upload({ fileName: 'x.jpg' })).body.name).toMatch(/^x_[\w-]+\.jpg$/);
});

it('ImageKit refuses what is not complete, and whom it does not know', async () => {
  expect(await upload({ fileName: 'x.jpg' }, '')).toMatchObject({
    status: 400,
    body: { message: 'Your request is missing file parameter.' },
  });
  expect(await upload({})).toMatchObject({ status: 400 });
  expect(await call('/imagekit/v1/files')).toMatchObject({
    status: 401,
    body: { message: 'Your request does not contain private API key.' },
  });
  expect(await call('/imagekit/v1/files', { authorization: basic('other', '') })).toMatchObject({
    status: 403,
    body: { message: 'Your account cannot be authenticated.' },
  });
});

it('Imagga tags what ImageKit delivers, the same each time', async () => {
  const { body: file } = await upload({ fileName: 'y.jpg' });
  const tag = (query = '') =>
    call(`/imagga/v2/tags?image_url=${encodeURIComponent(file.url)}${query}`, { authorization: account });
  const { status, body } = await tag();
  expect([status, body.status]).toEqual([200, { text: '', type: 'success' }]);
  const confidences = body.result.tags.map(({ confidence }: { confidence: number }) => confidence);
  expect(confidences).toEqual(confidences.toSorted((one: number, other: number) => other - one));
  expect(confidences[0]).toBe(100);
  expect(await tag()).toEqual({ status, body });
  expect((await tag('&limit=3')).body.result.tags).toEqual(body.result.tags.slice(0, 3));
});

it('Imagga takes uploads', async () => {
  const body = new FormData();
  body.set('image', new File(['picture'], 'p.jpg'));
  const { body: uploaded } = await call('/imagga/v2/uploads', { method: 'POST', body, authorization: account });
  const id = uploaded.result.upload_id;
  expect(id).toMatch(/^i[0-9a-f]{32}$/);
  expect(await call(`/imagga/v2/tags?image_upload_id=${id}`, { authorization: account })).toMatchObject({
    status: 200,
  });
  expect(await call(`/imagga/v2/uploads/${id}`, { method: 'DELETE', authorization: account })).toMatchObject({
    status: 200,
  });
  expect(await call(`/imagga/v2/tags?image_upload_id=${id}`, { authorization: account })).toMatchObject({
    status: 400,
  });
});

it('Imagga refuses addresses that are not of this sandbox, and whom it does not know', async () => {
  const tag = (url: string, authorization?: string) =>
    call(`/imagga/v2/tags?image_url=${encodeURIComponent(url)}`, authorization === undefined ? {} : { authorization });
  expect(await tag('http://169.254.169.254/', account)).toMatchObject({
    status: 400,
    body: { status: { type: 'error' } },
  });
  expect(await tag('http://example.org/x.jpg')).toMatchObject({ status: 401, body: { status: { type: 'error' } } });
});

it('each fails with a status in its own words', async () => {
  const fail = (path: string, status: number) =>
    fetch(`${running.url}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path, fault: 'status', status, times: 1 }),
    });
  await fail('/imagekit/v1/files', 403);
  expect(await call('/imagekit/v1/files')).toMatchObject({ status: 403, body: { message: 'Upload Limit Exceeded' } });
  await fail('/imagga/v2/usage', 429);
  expect(await call('/imagga/v2/usage')).toMatchObject({ status: 429, body: { status: { type: 'error' } } });
  await fail('/download/Producao.csv', 404);
  expect(await (await fetch(`${running.url}/download/Producao.csv`)).text()).toBe('Not Found');
});
