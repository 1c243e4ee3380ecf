import { invalidPickle } from '../errors.ts';
import type { Value } from '../pickle/values.ts';

/** Reads the sizes of an array: a tuple of integers, or one integer. */
export function readShape(value: Value | undefined): number[] {
  const sizes = typeof value === 'number' ? [value] : value;
  if (!Array.isArray(sizes) || sizes.length > 32) throw invalidPickle('an array has no shape');
  return sizes.map((size) => {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw invalidPickle('an array has a size that is no number');
    }
    return size;
  });
}
