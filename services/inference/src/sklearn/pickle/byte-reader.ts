import { invalidPickle } from '../errors.ts';

/** Reads numbers, lines and blocks from a file, front to back. Blocks are views. */
export type ByteReader = ReturnType<typeof createByteReader>;

/** @throws ServiceError 422 `inference.invalid_pickle`, from every method, where the file ends too early. */
export function createByteReader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;

  /** Moves past `count` bytes and returns where they begin. */
  function advance(count: number): number {
    if (!(count >= 0) || count > bytes.length - position) {
      throw invalidPickle(`it ends too early: ${count} bytes wanted at byte ${position} of ${bytes.length}`);
    }
    const start = position;
    position += count;
    return start;
  }

  return {
    get position() {
      return position;
    },
    get left() {
      return bytes.length - position;
    },
    uint8: () => view.getUint8(advance(1)),
    uint16: () => view.getUint16(advance(2), true),
    int32: () => view.getInt32(advance(4), true),
    uint32: () => view.getUint32(advance(4), true),
    /** Exact up to 2^53; beyond, still larger than any file. */
    uint64: () => Number(view.getBigUint64(advance(8), true)),
    /** Pickles hold floats with the most significant byte first. */
    float64: () => view.getFloat64(advance(8), false),
    block(count: number): Uint8Array {
      const start = advance(count);
      return bytes.subarray(start, start + count);
    },
    /** Bytes up to the next line feed, which is passed over. */
    line(): Uint8Array {
      const end = bytes.indexOf(10, position);
      if (end < 0) throw invalidPickle('it ends in the middle of a line');
      const start = advance(end - position + 1);
      return bytes.subarray(start, end);
    },
  };
}
