import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ServiceError } from '@vindima/contracts';
import type { Limits } from '../limits.ts';
import { tooLarge, unreadable } from './refuse.ts';

// Small files compress well without being bombs.
const alwaysAllowed = 16 * 2 ** 20;

/** The most bytes that a compressed file of `size` bytes may become. */
export const expansionLimit = (size: number, limits: Limits): number =>
  Math.min(limits.expandedBytes, Math.max(alwaysAllowed, size * limits.expansionRatio));

/**
 * Expands a gzip file (RFC 1952, concatenated members too) into `target`, stopping at the bound.
 * @throws 413 `datasets.expands_too_far`, 422 `datasets.damaged_gzip`
 */
export const gunzip = async (source: string, target: string, limits: Limits): Promise<void> => {
  const { size } = await stat(source);
  const maximum = expansionLimit(size, limits);
  let written = 0;
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      if (written <= maximum) return done(null, chunk);
      done(tooLarge('expands_too_far', `The file expands to more than ${maximum} bytes.`, { maximum }));
    },
  });
  try {
    await pipeline(createReadStream(source), createGunzip(), bound, createWriteStream(target));
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw unreadable('damaged_gzip', 'The gzip file is damaged or ends too early.');
  }
};
