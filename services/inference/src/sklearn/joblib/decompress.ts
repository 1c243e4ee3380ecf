import { gunzipSync, inflateSync } from 'node:zlib';
import { invalidPickle, pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import { decompressBzip2 } from './decompress-bzip2.ts';
import { decompressXz } from './decompress-xz.ts';
import { TooLarge } from './too-large.ts';

export type Compression = 'none' | 'zlib' | 'gzip' | 'bzip2' | 'xz';

/** First bytes of what a pickle may be packed in (as `joblib.dump(..., compress=)` does), or mistaken for. */
const signatures: readonly [bytes: readonly number[], Compression | { refused: string }][] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'xz'],
  [[0x5d, 0x00, 0x00], { refused: 'is compressed with LZMA; save it with compress="zlib" or "xz"' }],
  [[0x04, 0x22, 0x4d, 0x18], { refused: 'is compressed with LZ4; save it with compress="zlib" or "xz"' }],
  [[0x28, 0xb5, 0x2f, 0xfd], { refused: 'is compressed with Zstandard; save it with compress="zlib" or "xz"' }],
  [[0x5a, 0x46], { refused: 'was written by joblib before 0.10; load it and save it again with a newer one' }],
  [[0x50, 0x4b, 0x03, 0x04], { refused: 'is a ZIP archive (PyTorch, Keras or skops), not a pickle' }],
  [[0x89, 0x48, 0x44, 0x46], { refused: 'is an HDF5 file (Keras), not a pickle' }],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], { refused: 'is a numpy array (.npy), not a model' }],
];

/** @returns how a file is compressed, by its first bytes. */
export function detectCompression(bytes: Uint8Array): Compression {
  const found = signatures.find(([signature]) => signature.every((byte, index) => bytes[index] === byte))?.[1];
  if (typeof found === 'object') throw unsupportedPickle(found.refused);
  if (found !== undefined) return found;
  // zlib's header with the usual window, and a checksum that makes it a multiple of 31. No pickle begins with x.
  const [first = 0, second = 0] = bytes;
  return first === 0x78 && (first * 256 + second) % 31 === 0 ? 'zlib' : 'none';
}

/**
 * Unpacks a file that may be compressed, up to `maxBytes`.
 *
 * @throws ServiceError 422 `inference.pickle_limit_exceeded` for more, `inference.invalid_pickle` for broken data.
 */
export async function decompress(bytes: Uint8Array, compression: Compression, maxBytes: number): Promise<Uint8Array> {
  try {
    switch (compression) {
      case 'none':
        return bytes;
      case 'zlib':
        return inflateSync(bytes, { maxOutputLength: maxBytes });
      case 'gzip':
        return gunzipSync(bytes, { maxOutputLength: maxBytes });
      case 'bzip2':
        return decompressBzip2(bytes, maxBytes);
      case 'xz':
        return await decompressXz(bytes, maxBytes);
    }
  } catch (error) {
    if (error instanceof TooLarge || (error instanceof RangeError && 'code' in error)) {
      throw pickleLimitExceeded('bytes', maxBytes);
    }
    throw invalidPickle(`its ${compression} data is broken`, error);
  }
}
