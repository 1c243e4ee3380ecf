import { expect, it } from 'vitest';
import { type LakeObjects, manifestKey, runKey, storeRun } from '../src/store-run.ts';

const dataSet = 'wine/production';
const key = runKey(dataSet, '2026-11-22', 'run-1');

it('names a run by its day, and stores its manifest last', async () => {
  const stored: string[] = [];
  const objects: LakeObjects = { put: async (name) => stored.push(name) };
  await storeRun(objects, dataSet, new Uint8Array(4), { object_key: key }, new AbortController().signal);
  expect(stored).toEqual([
    'wine/production/processing_date=2026-11-22/run-1.parquet',
    'wine/production/_manifest.json',
  ]);
});

it('leaves the manifest as it was when the file cannot be stored', async () => {
  const tried: string[] = [];
  const objects: LakeObjects = {
    put: async (name) => {
      tried.push(name);
      throw new Error('full');
    },
  };
  const signal = new AbortController().signal;
  await expect(storeRun(objects, dataSet, new Uint8Array(4), { object_key: key }, signal)).rejects.toThrow('full');
  expect(tried).toEqual([key]);
  expect(manifestKey(dataSet)).not.toBe(key);
});
