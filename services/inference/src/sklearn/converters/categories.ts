import { attribute } from '@vindima/onnx';
import { missingText } from '../../tensors/missing-text.ts';
import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, requireArray } from '../numpy/read-array.ts';
import type { Value } from '../pickle/values.ts';
import { asNumbers, asText, expectWidth } from './columns.ts';
import type { Column, Context } from './context.ts';

/** The categories of one column: all texts, or all numbers (NaN or None stands for missing). */
export interface Categories {
  readonly texts: readonly string[] | null;
  readonly numbers: readonly number[];
  readonly count: number;
}

/** Reads `categories_`: one list per column. Truths count as the texts True and False. */
export function readCategories(estimator: Estimator, columns: readonly Column[], context: Context): Categories[] {
  const lists = estimator.list('categories_');
  expectWidth(estimator.name, lists.length, columns);
  const { maxColumns } = context.limits;
  let total = 0;
  return lists.map((list) => {
    const categories = toCategories(readElements(requireArray(list, 'categories_')), estimator);
    total += categories.count;
    if (total > maxColumns) throw pickleLimitExceeded('categories', maxColumns);
    return categories;
  });
}

export function toCategories(values: readonly Value[], estimator: Estimator): Categories {
  if (values.length === 0) throw unsupportedPickle(`holds a ${estimator.name} with a column without categories`);
  if (values.every((value) => typeof value === 'number')) {
    return { texts: null, numbers: values as number[], count: values.length };
  }
  const texts = values.map((value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (value === null || (typeof value === 'number' && Number.isNaN(value))) return missingText;
    throw unsupportedPickle(`holds a ${estimator.name} with categories that are neither texts nor numbers`);
  });
  return { texts, numbers: [], count: texts.length };
}

/** Notes what a column was in training, so that whoever sends something else can be told. */
export function noteCategories(
  column: Column,
  { texts, numbers }: Categories,
  unknown: 'error' | 'ignore',
  { notes }: Context,
): void {
  const known = texts?.map((text) => (text === missingText ? null : text));
  const categories = known ?? numbers.map((number) => (Number.isNaN(number) ? null : number));
  if (categories.includes(null) || unknown === 'ignore') notes.takesMissing(column.raw);
  notes.looksUp(column.raw, column.filled === true ? [...categories, null] : categories, unknown);
}

/** Which category a column has, as a float64 tensor [rows, categories] of 0 and 1; all 0 where it has none of them. */
export function oneHot(column: Column, { texts, numbers, count }: Categories, context: Context): string {
  const { graph, math } = context;
  if (texts === null) {
    const value = asNumbers([column], context);
    const same = math.equal(value, math.row(numbers));
    const nan = math.constant(
      numbers.map((number) => (Number.isNaN(number) ? 1 : 0)),
      [1, count],
    );
    const missing = math.and(math.isNan(value), math.greater(nan, 0));
    return math.cast(math.or(same, missing), 'float64');
  }
  const index = graph.node(
    'LabelEncoder',
    [asText(column, context)],
    {
      // None and NaN are one to whoever sends null: the last of them.
      keys_strings: attribute.strings([...new Set(texts)]),
      values_int64s: attribute.ints([...new Set(texts)].map((text) => texts.lastIndexOf(text))),
      default_int64: attribute.int(-1),
    },
    'ai.onnx.ml',
  );
  const places = math.integers(
    Array.from({ length: count }, (_, place) => place),
    [1, count],
  );
  return math.cast(graph.node('Equal', [index, places]), 'float64');
}
