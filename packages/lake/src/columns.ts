import { Bool, type Data, DateDay, Dictionary, Int32, makeData, Utf8, vectorFromArray } from 'apache-arrow';

/** A column that is filled row by row. */
export interface Column<Value> {
  push(value: Value): void;
  /** What was pushed so far, as Arrow has it. */
  data(): Data;
}

/** Bits as Arrow keeps them, for booleans and for which values are there. */
export const createBits = () => {
  let bytes = new Uint8Array(1024);
  return {
    set(index: number) {
      if (index >> 3 >= bytes.length) {
        const larger = new Uint8Array(bytes.length * 2 + (index >> 3));
        larger.set(bytes);
        bytes = larger;
      }
      bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
    },
    bytes: (length: number) => {
      const whole = new Uint8Array(Math.ceil(length / 8));
      whole.set(bytes.subarray(0, whole.length));
      return whole;
    },
  };
};

/** Texts, each different one stored once; null where there is none. */
export const textColumn = (): Column<string | null> => {
  const places = new Map<string, number>();
  const indices: number[] = [];
  const valid = createBits();
  let nulls = 0;
  return {
    push(text) {
      if (text === null) {
        nulls += 1;
        indices.push(0);
        return;
      }
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      valid.set(indices.length);
      indices.push(place);
    },
    data: () =>
      makeData({
        type: new Dictionary(new Utf8(), new Int32()),
        length: indices.length,
        nullCount: nulls,
        nullBitmap: valid.bytes(indices.length),
        data: Int32Array.from(indices),
        // A dictionary of nothing is no valid IPC message for every reader: an empty text that nobody points at does no harm.
        dictionary: vectorFromArray(places.size === 0 ? [''] : [...places.keys()], new Utf8()),
      }),
  };
};

/** Whole numbers of 32 bits. */
export const integerColumn = (): Column<number> => {
  const values: number[] = [];
  return {
    push: (value) => values.push(value),
    data: () => makeData({ type: new Int32(), data: Int32Array.from(values) }),
  };
};

export const booleanColumn = (): Column<boolean> => {
  const bits = createBits();
  let length = 0;
  return {
    push(value) {
      if (value) bits.set(length);
      length += 1;
    },
    data: () => makeData({ type: new Bool(), length, nullCount: 0, data: bits.bytes(length) }),
  };
};

/** Calendar dates, given as `2025-05-09`. */
export const dateColumn = (): Column<string> => {
  const days: number[] = [];
  return {
    push: (date) => days.push(Date.parse(`${date}T00:00:00Z`) / 86_400_000),
    data: () => makeData({ type: new DateDay(), data: Int32Array.from(days) }),
  };
};
