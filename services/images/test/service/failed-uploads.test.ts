import { openObjectStore } from '@vindima/object-store';
import { temporaryFolder } from '@vindima/test-servers';
import { expect, test } from 'vitest';
import { plainFile } from '../support/pictures.ts';
import { breakSandbox, json, postFile, startImages, startSandbox } from '../support/platform.ts';

test('an upload that could not be tagged leaves neither a row nor a file, and may be tried again', async () => {
  const sandbox = await startSandbox();
  const lake = temporaryFolder();
  const service = await startImages({ TAGGER: 'imagga', SANDBOX_URL: sandbox.url, OBJECT_STORE_URL: `file:${lake}` });
  const store = await openObjectStore(`file:${lake}`);
  const bytes = await plainFile('purple');

  await breakSandbox(sandbox, { path: '/imagga/*', fault: 'status', status: 400, times: 1 });
  const refused = await postFile(`${service.url}/images`, bytes);
  expect([refused.status, (await json(refused)).code]).toEqual([422, 'images.tagger_refused']);
  expect(await json(fetch(`${service.url}/images`))).toEqual([]);
  expect(await Array.fromAsync(store.list('images/'))).toEqual([]);

  const taken = await postFile(`${service.url}/images`, bytes);
  expect(taken.status).toBe(200);
  expect(await Array.fromAsync(store.list('images/'))).toHaveLength(1);
  await store.close();
  await service.stop();
  await sandbox.stop();
});
