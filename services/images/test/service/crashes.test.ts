import { openObjectStore } from '@vindima/object-store';
import { temporaryFolder } from '@vindima/test-servers';
import { expect, test } from 'vitest';
import { drawFile } from '../support/pictures.ts';
import { json, postFile, startImages, until } from '../support/platform.ts';

// What a crash can leave, and what the next start makes of it.
test('a file that no image has is removed, those of images and of running uploads stay', async () => {
  const lake = temporaryFolder();
  const environment = { DATA_DIR: temporaryFolder(), OBJECT_STORE_URL: `file:${lake}` };
  const service = await startImages(environment);
  const { id } = await json(postFile(`${service.url}/images`, await drawFile('gif', 100, 100)));
  await service.stop();

  const store = await openObjectStore(environment.OBJECT_STORE_URL);
  await store.put('images/pictures/2020/01/left.png', Buffer.from('left behind'));
  await store.put('elsewhere/file', Buffer.from('not ours'));
  const keys = async () => (await Array.fromAsync(store.list(''))).map(({ key }) => key);
  expect(await keys()).toHaveLength(3);

  // Young files may belong to an upload that is not finished yet.
  const early = await startImages(environment);
  await early.stop();
  expect(await keys()).toHaveLength(3);

  const inTwoHours = () => new Date(Date.now() + 2 * 60 * 60_000);
  const late = await startImages(environment, { clock: inTwoHours });
  await until(async () => (await keys()).length === 2);
  expect(await keys()).not.toContain('images/pictures/2020/01/left.png');
  const file = await fetch(`${late.url}/images/${id}/file`);
  expect([file.status, (await file.bytes()).length]).toEqual([200, (await drawFile('gif', 100, 100)).length]);
  await late.stop();
  await store.close();
});

test('an image whose file somebody took away says so', async () => {
  const lake = temporaryFolder();
  const service = await startImages({ OBJECT_STORE_URL: `file:${lake}` });
  const { id } = await json(postFile(`${service.url}/images`, await drawFile('gif', 100, 100)));
  const store = await openObjectStore(`file:${lake}`);
  for await (const { key } of store.list('images/pictures/')) await store.delete(key);
  for (const path of ['', '/file', '/thumbnail']) {
    expect((await fetch(`${service.url}/images/${id}${path}`)).status).toBe(410);
  }
  expect((await fetch(`${service.url}/images/${id}/details`)).status).toBe(200);
  await store.close();
  await service.stop();
});
