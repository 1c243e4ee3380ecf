import xz from 'xz-decompress';
import { TooLarge } from './too-large.ts';

/** Unpacks .xz data (`compress="xz"`), piece by piece so that it can be stopped at `maxBytes`. */
export async function decompressXz(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const packed = new Blob([Uint8Array.from(bytes)]).stream();
  const reader = new xz.XzReadableStream(packed).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces, length);
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new TooLarge();
    }
    pieces.push(Uint8Array.from(value));
  }
}
