import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObjectStore } from '../../src/index.ts';
import { describeObjectStore } from '../contract.ts';

describeObjectStore('a folder as an object store', { segmentBytes: 880 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'object-store-'));
  const store = await openObjectStore(`file:${folder}/lake`);
  return {
    store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
