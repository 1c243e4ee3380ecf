// For the projects that import this one: their programs do not include its declarations.
/// <reference path="./seek-bzip.d.ts" />
import Bunzip from 'seek-bzip';
import { TooLarge } from './too-large.ts';

/** Unpacks bzip2 data (`compress="bz2"`), byte by byte into pieces so that it can be stopped at `maxBytes`. */
export function decompressBzip2(bytes: Uint8Array, maxBytes: number): Uint8Array {
  let output = Buffer.alloc(Math.min(maxBytes, 1024 ** 2));
  let length = 0;
  Bunzip.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    writeByte(byte) {
      if (length >= maxBytes) throw new TooLarge();
      if (length === output.length) output = Buffer.concat([output], Math.min(maxBytes, output.length * 2));
      output[length] = byte;
      length += 1;
    },
  });
  return output.subarray(0, length);
}
