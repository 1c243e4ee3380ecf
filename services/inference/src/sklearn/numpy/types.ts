import type { Value } from '../pickle/values.ts';

/** A field of a structured dtype. */
export interface NumpyField {
  readonly name: string;
  readonly type: NumpyType;
  /** Bytes from the start of the record. */
  readonly offset: number;
}

/** A numpy dtype. Mutable, as pickles first make it and then tell its byte order and fields. */
export interface NumpyType {
  readonly kind: 'dtype';
  /** numpy's letter: b bool, i and u integers, f float, U and S text, O objects, V records. */
  readonly letter: string;
  /** Bytes of one element. */
  size: number;
  littleEndian: boolean;
  fields: readonly NumpyField[] | null;
}

/** A numpy array. Mutable, as pickles first make an empty one and then tell what is in it. */
export interface NumpyArray {
  readonly kind: 'array';
  type: NumpyType | null;
  shape: readonly number[];
  /** True: the first index changes fastest (Fortran's order). */
  fortran: boolean;
  /** Elements as they were in memory; a view into the file. */
  bytes: Uint8Array;
  /** Elements of an array of objects. */
  objects: readonly Value[] | null;
}
