/** Writes pickles by hand, instruction by instruction, as no pickler would. */
export const op = {
  proto: (version: number) => Buffer.from([0x80, version]),
  global: (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`),
  unicode(text: string) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([Buffer.from('X'), length, bytes]);
  },
  bytes(content: Uint8Array) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return Buffer.concat([Buffer.from('B'), length, content]);
  },
  integer(value: number) {
    const bytes = Buffer.alloc(5);
    bytes.write('J');
    bytes.writeInt32LE(value, 1);
    return bytes;
  },
  long: (value: bigint) => Buffer.from(`L${value}L\n`),
  stackGlobal: Buffer.from([0x93]),
  newObject: Buffer.from([0x81]),
  emptyTuple: Buffer.from(')'),
  tuple: (size: 1 | 2 | 3) => Buffer.from([0x84 + size]),
  mark: Buffer.from('('),
  markedTuple: Buffer.from('t'),
  reduce: Buffer.from('R'),
  build: Buffer.from('b'),
  none: Buffer.from('N'),
  isTrue: Buffer.from([0x88]),
  isFalse: Buffer.from([0x89]),
  dictionary: Buffer.from('}'),
  setItems: Buffer.from('u'),
  stop: Buffer.from('.'),
} as const;

export type Part = Uint8Array | string;

/** Joins instructions; texts stand for themselves, byte by byte. */
export function pickle(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** A numpy dtype: its code, and its byte order. */
export function dtype(code: string, order = '<'): Buffer {
  return pickle(
    op.global('numpy', 'dtype'),
    op.unicode(code),
    op.isFalse,
    op.isTrue,
    op.tuple(3),
    op.reduce,
    ...[
      op.mark,
      op.integer(3),
      op.unicode(order),
      op.none,
      op.none,
      op.none,
      op.integer(-1),
      op.integer(-1),
      op.integer(0),
    ],
    op.markedTuple,
    op.build,
  );
}

/** A numpy array as `_reconstruct` and a state make it. */
export function array(
  type: Uint8Array,
  shape: readonly (number | bigint)[],
  data: Uint8Array,
  fortran = false,
): Buffer {
  return pickle(
    op.global('numpy.core.multiarray', '_reconstruct'),
    op.global('numpy', 'ndarray'),
    ...[op.mark, op.integer(0), op.markedTuple],
    op.bytes(Buffer.from('b')),
    op.tuple(3),
    op.reduce,
    op.mark,
    op.integer(1),
    ...[op.mark, ...shape.map((size) => op.long(BigInt(size))), op.markedTuple],
    type,
    fortran ? op.isTrue : op.isFalse,
    op.bytes(data),
    op.markedTuple,
    op.build,
  );
}

/** An object of a class with attributes, each an instruction sequence. */
export function object(module: string, name: string, attributes: Readonly<Record<string, Uint8Array>>): Buffer {
  const items = Object.entries(attributes).flatMap(([key, value]) => [op.unicode(key), value]);
  return pickle(
    op.global(module, name),
    op.emptyTuple,
    op.newObject,
    op.dictionary,
    op.mark,
    ...items,
    op.setItems,
    op.build,
  );
}

export function float64(values: readonly number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer);
}
