import { createHash, webcrypto } from 'node:crypto';

/** Hex. For small things: a large file would hold the event loop. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Above so many bytes the event loop would be held for longer (0.3 ms) than it takes to ask another thread. */
const small = 256 * 1024;

/** Hex; of large things computed on another thread. */
export const sha256OfAny = async (bytes: Buffer<ArrayBuffer>): Promise<string> =>
  bytes.length <= small
    ? sha256Of(bytes)
    : Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
