import { createHash, webcrypto } from 'node:crypto';

/** Hex. For small things: a large file would hold the event loop. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Hex, computed on another thread. */
export const sha256OfLarge = async (bytes: Buffer<ArrayBuffer>): Promise<string> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
