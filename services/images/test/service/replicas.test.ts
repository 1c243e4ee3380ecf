import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningService } from '@vindima/service-kit';
import { databases, temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawFile, plainFile } from '../support/pictures.ts';
import { breakSandbox, json, postFile, startImages, startSandbox } from '../support/platform.ts';

const uploadTo = (replicas: readonly RunningService[], bytes: Uint8Array, times: number) =>
  Promise.all(Array.from({ length: times }, () => replicas.map(({ url }) => postFile(`${url}/images`, bytes))).flat());

describe.each(await databases())('$dialect: two replicas with a billed tagger', ({ create }) => {
  let sandbox: RunningService;
  let replicas: RunningService[];
  let drop: () => Promise<void>;
  beforeAll(async () => {
    sandbox = await startSandbox();
    const database = await create();
    drop = database.drop;
    const environment = {
      TAGGER: 'imagga',
      SANDBOX_URL: sandbox.url,
      DATABASE_URL: database.url,
      OBJECT_STORE_URL: `file:${temporaryFolder()}`,
    };
    replicas = [await startImages(environment), await startImages(environment)];
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.stop();
    await sandbox.stop();
    await drop();
  });

  /** How many pictures Imagga was asked to tag, and bills. */
  const billed = async (): Promise<number> => {
    const authorization = `Basic ${Buffer.from('acc_sandbox:sandbox').toString('base64')}`;
    const usage = await json<{ result: { monthly_processed: number } }>(
      fetch(`${sandbox.url}/imagga/v2/usage`, { headers: { authorization } }),
    );
    return usage.result.monthly_processed;
  };

  test('that are given the same bytes at once have them billed once', async () => {
    const before = await billed();
    const answers = await uploadTo(replicas, await drawFile('jpeg', 400, 300), 3);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const ids = await Promise.all(answers.map(async (answer) => (await json(answer)).id));
    expect(new Set(ids).size).toBe(1);
    expect((await billed()) - before).toBe(1);
  });

  test('of which one fails leave the bytes to the other', async () => {
    const before = await billed();
    await breakSandbox(sandbox, { path: '/imagga/*', fault: 'status', status: 400, times: 1 });
    const answers = await uploadTo(replicas, await plainFile('orange'), 1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect((await billed()) - before).toBe(1);
  });
});

describe.each(await databases())('$dialect: two replicas with the local tagger', ({ create }) => {
  test('that are given the same bytes at once store them once', async () => {
    const { url, drop } = await create();
    const folder = temporaryFolder();
    const environment = { DATABASE_URL: url, OBJECT_STORE_URL: `file:${folder}` };
    const replicas = [await startImages(environment), await startImages(environment)];
    try {
      const bytes = await drawFile('jpeg', 400, 300);
      const answers = await uploadTo(replicas, bytes, 3);
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
      const images = await Promise.all(answers.map((answer) => json(answer)));
      expect(images).toEqual(Array(6).fill(images[0]));
      const files = await readdir(join(folder, 'images', 'pictures'), { recursive: true });
      expect(files.filter((file) => file.endsWith('.jpg'))).toHaveLength(1);
    } finally {
      for (const replica of replicas) await replica.stop();
      await drop();
    }
  });
});
