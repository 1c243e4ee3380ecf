import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import type { Context } from './context.ts';

/**
 * The indices of the columns that a ColumnTransformer gives to one of its parts. Versions since 0.24 remember them; in
 * others they come from what was written: indices, names, a slice of either, or a list of truths.
 */
export function selectColumns(
  estimator: Estimator,
  name: Value,
  chosen: Value | undefined,
  count: number,
  context: Context,
): number[] {
  const remembered = estimator.value('_transformer_to_input_indices');
  const own = remembered instanceof Map ? remembered.get(name) : undefined;
  const written = listOf(own ?? chosen, count, context);
  if (written.length > context.limits.maxColumns) throw pickleLimitExceeded('columns', context.limits.maxColumns);
  if (written.length === count && written.every((item) => typeof item === 'boolean')) {
    return written.flatMap((item, index) => (item === true ? [index] : []));
  }
  return written.map((item) => indexOf(item, count, context));
}

function listOf(chosen: Value | undefined, count: number, context: Context): Value[] {
  if (Array.isArray(chosen)) return chosen;
  if (isArray(chosen)) return readElements(chosen);
  if (typeof chosen === 'string' || typeof chosen === 'number') return [chosen];
  if (isObject(chosen) && chosen.type.meaning === 'slice') return sliceOf(chosen.args, count, context);
  // The list of a remainder, since 1.5.
  if (isObject(chosen) && Array.isArray(chosen.attributes.get('data')))
    return listOf(chosen.attributes.get('data'), count, context);
  throw unsupportedPickle('holds a ColumnTransformer whose columns are a function, which is not supported');
}

/** A slice of names includes its end, one of indices does not. */
function sliceOf(args: Value, count: number, context: Context): number[] {
  const [start, stop, step] = Array.isArray(args) ? args : [];
  if (step !== null && step !== undefined && step !== 1) {
    throw unsupportedPickle('holds a ColumnTransformer of every so many columns, which is not supported');
  }
  const from = start === null || start === undefined ? 0 : indexOf(start, count, context);
  const last = typeof stop === 'string' ? indexOf(stop, count, context) + 1 : stop;
  const to = typeof last === 'number' ? (last < 0 ? count + last : last) : count;
  return Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, index) => from + index);
}

function indexOf(item: Value, count: number, { names }: Context): number {
  if (typeof item === 'number' && Number.isInteger(item)) return item < 0 ? count + item : item;
  const index = typeof item === 'string' && names !== null ? names.indexOf(item) : -1;
  if (index < 0) throw unsupportedPickle('holds a ColumnTransformer of columns whose names are not in the file');
  return index;
}
