import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '@vindima/object-store';
import { sha256Of, sha256OfAny } from '../picture/sha256.ts';

/** Where the files of a batch wait for the job that takes them. */
export const stagingPrefix = 'images/staging/';

/** Puts the files of one batch aside. */
export interface Staging {
  /** @returns the file's key */
  put(bytes: Buffer): Promise<string>;
  /** Removes what was put aside, for a batch that does not become a job. */
  discard(): Promise<void>;
}

/** Two batches with the same idempotency key and the same files get the same keys: they are the same job. */
export const createStaging = (objects: ObjectStore, idempotencyKey: string | undefined): Staging => {
  const folder = idempotencyKey === undefined ? randomUUID() : sha256Of(Buffer.from(idempotencyKey));
  const keys: string[] = [];
  return {
    async put(bytes) {
      const sha256 = await sha256OfAny(bytes as Buffer<ArrayBuffer>);
      const key = `${stagingPrefix}${folder}/${keys.length}-${sha256}`;
      keys.push(key);
      await objects.put(key, bytes);
      return key;
    },
    async discard() {
      for (const key of keys) await objects.delete(key);
    },
  };
};
