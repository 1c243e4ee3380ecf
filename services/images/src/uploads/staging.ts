import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '@vindima/object-store';
import pLimit from 'p-limit';
import { sha256Of, sha256OfAny } from '../picture/sha256.ts';
import { createOneAtATime } from './one-at-a-time.ts';

/** Where the files of a batch wait for the job that takes them. */
export const stagingPrefix = 'images/staging/';

const removalsAtOnce = 8;

/** Puts the files of one batch aside. */
export interface Staging {
  /** @returns the file's key */
  put(bytes: Buffer): Promise<string>;
  /** Leaves what was put aside to the job that takes it. */
  handOver(): void;
  /** Removes what was put aside, for a batch that does not become a job; not what was there before, or what another request counts on. */
  discard(): Promise<void>;
}

/** A file that requests which are being answered count on. */
interface StagedFile {
  requests: number;
  /** Whether none but these requests needs it: no job has it, and it was not there before. */
  isTheirs: boolean;
}

/**
 * Makes a `Staging` for each batch. Two batches with the same idempotency key and the same files get the same keys: they are the same job. What
 * the job of an earlier one waits for is therefore told from what a request brought itself. Requests of this process that bring the same file at
 * once know of each other; those of other replicas see what is in the store.
 */
export const createStagings = (objects: ObjectStore) => {
  const oneAtATime = createOneAtATime();
  const inTurn = pLimit(removalsAtOnce);
  const inUse = new Map<string, StagedFile>();

  /** @returns whether the file may not be there yet */
  const hold = async (key: string): Promise<boolean> => {
    const file = inUse.get(key) ?? { requests: 0, isTheirs: (await objects.head(key)) === undefined };
    file.requests++;
    inUse.set(key, file);
    return file.isTheirs;
  };

  /** @returns the file, where nobody counts on it any more */
  const release = (key: string): StagedFile | undefined => {
    const file = inUse.get(key);
    if (file === undefined) return undefined;
    file.requests--;
    if (file.requests > 0) return undefined;
    inUse.delete(key);
    return file;
  };

  return (idempotencyKey: string | undefined): Staging => {
    const folder = idempotencyKey === undefined ? randomUUID() : sha256Of(Buffer.from(idempotencyKey));
    const keys: string[] = [];
    return {
      async put(bytes) {
        const sha256 = await sha256OfAny(bytes as Buffer<ArrayBuffer>);
        const key = `${stagingPrefix}${folder}/${keys.length}-${sha256}`;
        await oneAtATime(key, async () => {
          const isMissing = await hold(key);
          // Known before it is put: a put that fails may have stored the file all the same.
          keys.push(key);
          if (isMissing) await objects.put(key, bytes);
        });
        return key;
      },
      handOver() {
        for (const key of keys.splice(0)) {
          const file = inUse.get(key);
          if (file !== undefined) file.isTheirs = false;
          release(key);
        }
      },
      async discard() {
        // All of them are tried, also after one that cannot be removed.
        const removals = keys.splice(0).map((key) =>
          inTurn(() =>
            oneAtATime(key, async () => {
              if (release(key)?.isTheirs === true) await objects.delete(key);
            }),
          ),
        );
        await Promise.all(removals);
      },
    };
  };
};
