import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type Budget, invalidModel } from './budget.ts';

/**
 * Joins the pieces of a repeated number. Nearly always there is one, which is returned as it is: a view.
 */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : new Uint8Array(Buffer.concat(pieces));
}

/** @returns how many varints there are: each ends with a byte below 128. */
function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count += 1;
  return count;
}

/** Reads packed varints as signed 64-bit integers. */
export function readVarints(bytes: Uint8Array, budget?: Budget): BigInt64Array {
  const count = countVarints(bytes);
  budget?.spend(count);
  const values = new BigInt64Array(count);
  const reader = new BinaryReader(bytes);
  for (let index = 0; index < count; index += 1) values[index] = BigInt.asIntN(64, BigInt(reader.int64()));
  if (reader.pos !== reader.len) throw invalidModel('a list of integers ends in the middle of one');
  return values;
}

/** Reads packed little-endian 32-bit floats. */
export function readFloats(bytes: Uint8Array, budget: Budget): Float32Array {
  if (bytes.length % 4 !== 0) throw invalidModel('a list of floats ends in the middle of one');
  budget.spend(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
