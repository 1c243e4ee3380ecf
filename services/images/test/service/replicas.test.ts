import type { RunningService } from '@vindima/service-kit';
import { databases, temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawFile, plainFile } from '../support/pictures.ts';
import { breakSandbox, json, postFile, startImages, startSandbox } from '../support/platform.ts';

describe.each(await databases())('$dialect: two replicas', ({ create }) => {
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
  const uploadToAll = (bytes: Uint8Array, times: number) =>
    Promise.all(
      Array.from({ length: times }, () => replicas.map(({ url }) => postFile(`${url}/images`, bytes))).flat(),
    );

  test('that are given the same bytes at once have them billed once', async () => {
    const before = await billed();
    const answers = await uploadToAll(await drawFile('jpeg', 400, 300), 3);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const ids = await Promise.all(answers.map(async (answer) => (await json(answer)).id));
    expect(new Set(ids).size).toBe(1);
    expect((await billed()) - before).toBe(1);
  });

  test('of which one fails leave the bytes to the other', async () => {
    const before = await billed();
    await breakSandbox(sandbox, { path: '/imagga/*', fault: 'status', status: 400, times: 1 });
    const answers = await uploadToAll(await plainFile('orange'), 1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect((await billed()) - before).toBe(1);
  });
});
