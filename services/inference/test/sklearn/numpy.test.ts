import { describe, expect, test } from 'vitest';
import { roundDown } from '../../src/sklearn/converters/tree-ensemble.ts';
import { defaultPickleLimits } from '../../src/sklearn/limits.ts';
import { readElements, readMatrix } from '../../src/sklearn/numpy/read-array.ts';
import { createByteReader } from '../../src/sklearn/pickle/byte-reader.ts';
import { createMeter } from '../../src/sklearn/pickle/machine.ts';
import { readPickle } from '../../src/sklearn/pickle/read-pickle.ts';
import { isArray, type Value } from '../../src/sklearn/pickle/values.ts';
import { array, dtype, op, type Part, pickle } from './opcodes.ts';

function read(...parts: readonly Part[]): Value {
  return readPickle(createByteReader(pickle(...parts, op.stop)), createMeter(defaultPickleLimits)).value;
}

function readArray(...parts: readonly Part[]) {
  const value = read(...parts);
  if (!isArray(value)) throw new Error('expected an array');
  return value;
}

/** Numbers as numpy has them in memory. */
function memory(
  size: number,
  values: readonly number[],
  write: (view: DataView, offset: number, value: number) => void,
) {
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((value, index) => {
    write(view, index * size, value);
  });
  return Buffer.from(view.buffer);
}

describe('arrays of numpy', () => {
  const numbers = [1, -2, 3];
  test.each([
    ['f8', '<', memory(8, numbers, (view, offset, value) => view.setFloat64(offset, value, true))],
    ['f8', '>', memory(8, numbers, (view, offset, value) => view.setFloat64(offset, value, false))],
    ['f4', '>', memory(4, numbers, (view, offset, value) => view.setFloat32(offset, value, false))],
    ['f2', '<', memory(2, numbers, (view, offset, value) => view.setFloat16(offset, value, true))],
    ['i8', '>', memory(8, numbers, (view, offset, value) => view.setBigInt64(offset, BigInt(value), false))],
    ['i4', '<', memory(4, numbers, (view, offset, value) => view.setInt32(offset, value, true))],
    ['i2', '>', memory(2, numbers, (view, offset, value) => view.setInt16(offset, value, false))],
    ['i1', '|', memory(1, numbers, (view, offset, value) => view.setInt8(offset, value))],
  ])('of %s in the byte order %s', (code, order, bytes) => {
    expect([...readMatrix(readArray(array(dtype(code, order), [3], bytes))).values]).toEqual(numbers);
  });

  test("in Fortran's order come in C order", () => {
    const bytes = memory(1, [1, 4, 2, 5, 3, 6], (view, offset, value) => view.setUint8(offset, value));
    const { shape, values } = readMatrix(readArray(array(dtype('u1', '|'), [2, 3], bytes, true)));
    expect(shape).toEqual([2, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('of texts lose the zeros behind, and nothing else', () => {
    const points = [...'até', '\0', ...'🍇', '\0', '\0', '\0'].map((character) => character.codePointAt(0) ?? 0);
    const little = memory(4, points, (view, offset, value) => view.setUint32(offset, value, true));
    const type = pickle(
      ...[op.global('numpy', 'dtype'), op.unicode('U4'), op.isFalse, op.isTrue, op.tuple(3), op.reduce],
      ...[op.mark, op.integer(3), op.unicode('<'), op.none, op.none, op.none],
      ...[op.integer(16), op.integer(4), op.integer(8), op.markedTuple, op.build],
    );
    expect(readElements(readArray(array(type, [2], little)))).toEqual(['até', '🍇']);
  });

  test('written by Python 2, as text, are read byte by byte', () => {
    const state = pickle('(J\x01\0\0\0(J\x01\0\0\0t', dtype('f8'), op.isFalse, 'U\x08', '\0\0\0\0\0\0\xf8\x3f', 't');
    const made = pickle(
      op.global('numpy.core.multiarray', '_reconstruct'),
      op.global('numpy', 'ndarray'),
      'J\0\0\0\0\x85U\x01b\x87R',
    );
    expect([...readMatrix(readArray(op.proto(2), made, state, 'b')).values]).toEqual([1.5]);
  });

  test('written by protocol 2 have their bytes as text in Latin-1', () => {
    const bytes = pickle(
      op.global('_codecs', 'encode'),
      op.unicode('\0\0\0\0\0\0ø?'),
      op.unicode('latin1'),
      op.tuple(2),
      op.reduce,
    );
    const made = pickle(
      op.global('numpy._core.multiarray', '_reconstruct'),
      op.global('numpy', 'ndarray'),
      'K\0\x85C\x01b\x87R',
    );
    const state = pickle('(K\x01K\x01\x85', dtype('f8'), op.isFalse, bytes, 't');
    expect([...readMatrix(readArray(op.proto(2), made, state, 'b')).values]).toEqual([1.5]);
  });

  test('of dates and complex numbers are refused by name', () => {
    expect(() => read(dtype('M8'))).toThrow('dates');
    expect(() => read(dtype('c16'))).toThrow('complex numbers');
  });
});

describe('scalars', () => {
  const scalar = (type: Part, bytes: Uint8Array) =>
    pickle(op.global('numpy.core.multiarray', 'scalar'), type, op.bytes(bytes), op.tuple(2), op.reduce);

  test('of numpy are numbers', () => {
    expect(
      read(
        scalar(
          dtype('f8'),
          memory(8, [0.5], (view, offset, value) => view.setFloat64(offset, value, true)),
        ),
      ),
    ).toBe(0.5);
    expect(read(scalar(dtype('b1', '|'), Uint8Array.of(1)))).toBe(true);
    expect(() => read(scalar(dtype('f8'), Uint8Array.of(1)))).toThrow('size');
  });

  test.each<[string, Value]>([
    ['I42\n', 42],
    ['I01\n', true],
    ['L-123456789012345678901L\n', -123456789012345678901n],
    ['F1.5e3\n', 1500],
    ['Fnan\n', Number.NaN],
    ['\x8a\x00', 0],
    ['\x8a\x02\x00\xff', -256],
    ['\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x80\x00', 2n ** 63n],
    ['G\x3f\xf8\0\0\0\0\0\0', 1.5],
    ["S'it\\'s \\x41\\n'\n", "it's A\n"],
    ['Vgr\\u00fcn \\U0001F347\n', 'grün 🍇'],
    ['M\x01\x02', 513],
    ['J\xff\xff\xff\xff', -1],
  ])('%j is read as Python reads it', (text, value) => {
    expect(read(text)).toEqual(value);
  });
});

test('a threshold rounded down to float32 decides as the exact one for every float32', { timeout: 60_000 }, () => {
  const view = new DataView(new ArrayBuffer(8));
  let state = 1n;
  for (let round = 0; round < 20_000; round += 1) {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    view.setBigUint64(0, state);
    const threshold = view.getFloat64(0);
    if (Number.isNaN(threshold)) continue;
    const rounded = roundDown(threshold);
    expect(Math.fround(rounded)).toBe(rounded);
    expect(rounded <= threshold).toBe(true);
    const near = Math.fround(threshold);
    expect(near <= rounded).toBe(near <= threshold);
  }
  for (const [value, expected] of [
    [0, 0],
    [-1e-60, -(2 ** -149)],
    [1e-60, 0],
    [1e300, 3.4028234663852886e38],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ] as const) {
    expect(roundDown(value)).toBe(expected);
  }
});
