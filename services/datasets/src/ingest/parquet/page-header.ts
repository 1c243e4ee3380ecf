/** What a page of a Parquet file says of itself; `checksum` is CRC-32 of its bytes behind the header, where it has one. */
export interface PageHeader {
  /** Bytes of the header. */
  readonly length: number;
  /** Bytes of the page behind it. */
  readonly size: number;
  readonly checksum: number | undefined;
}

/**
 * Reads a page header (parquet.thrift, `PageHeader`) in Thrift's compact protocol: field 3 is the compressed size, 4 the
 * checksum, the rest is passed over.
 * @returns undefined if the bytes are none, or end inside
 */
export const readPageHeader = (bytes: Buffer): PageHeader | undefined => {
  const reader = createReader(bytes);
  try {
    let size: number | undefined;
    let checksum: number | undefined;
    reader.struct((field, type) => {
      if (field === 3 && type === types.i32) size = reader.zigzag();
      else if (field === 4 && type === types.i32) checksum = reader.zigzag() >>> 0;
      else reader.skip(type);
    });
    return size === undefined || size < 0 ? undefined : { length: reader.place(), size, checksum };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

const types = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;
const maximumDepth = 16;

const createReader = (bytes: Buffer) => {
  let at = 0;
  let depth = 0;
  const byte = () => bytes.readUInt8(at++);
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    throw new RangeError('a number is too long');
  };
  const zigzag = () => {
    const value = varint();
    return Number((value >> 1n) ^ -(value & 1n));
  };
  const struct = (onField: (field: number, type: number) => void) => {
    depth += 1;
    if (depth > maximumDepth) throw new RangeError('nested too deep');
    let field = 0;
    for (let head = byte(); head !== 0; head = byte()) {
      const delta = head >> 4;
      field = delta === 0 ? zigzag() : field + delta;
      onField(field, head & 0x0f);
    }
    depth -= 1;
  };
  const skip = (type: number): void => {
    switch (type) {
      case types.true:
      case types.false:
        return;
      case types.byte:
        at += 1;
        return;
      case types.i16:
      case types.i32:
      case types.i64:
        varint();
        return;
      case types.double:
        at += 8;
        return;
      case types.binary:
        at += Number(varint());
        return;
      case types.struct:
        struct((_, inner) => skip(inner));
        return;
      default:
        // A page header has no lists, sets or maps.
        throw new RangeError('an unknown type');
    }
  };
  return { struct, skip, zigzag, place: () => at };
};
