import { attribute, tensor } from '@vindima/onnx';
import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, readMatrix } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import { asNumbers, asText, columnsOf, expectWidth } from './columns.ts';
import type { Column, Context, Transformer } from './context.ts';

/**
 * SimpleImputer, and Imputer of before 0.20: puts a number or text where one is missing. In a column of texts the
 * empty text is missing, whatever Python object it was. Columns that had no value in training are left out.
 */
export const simpleImputer: Transformer = (estimator, columns, context) => {
  const statistics = estimator.value('statistics_');
  if (!isArray(statistics)) throw unsupportedPickle(`holds a ${estimator.name} that was not fitted`);
  if (estimator.value('axis') === 1) throw unsupportedPickle('holds an Imputer of rows, which is not supported');
  const fill = readElements(statistics);
  expectWidth(estimator.name, fill.length, columns);
  const texts = fill.some((value) => typeof value === 'string');
  const filled = texts
    ? columns.flatMap((column, index) => fillText(column, fill[index] ?? null, estimator, context))
    : fillNumbers(estimator, columns, fill, context);
  const indicator = estimator.value('indicator_');
  if (!isObject(indicator)) return filled;
  return [...filled, ...indicators(indicator.attributes.get('features_'), estimator, columns, texts, context)];
};

/** Which value stands for a missing one: NaN, or a number. */
function isMissing(value: string, estimator: Estimator, { math }: Context): string {
  const marker = estimator.value('missing_values');
  if (typeof marker === 'number' && !Number.isNaN(marker)) return math.equal(value, marker);
  return math.isNan(value);
}

function fillNumbers(
  estimator: Estimator,
  columns: readonly Column[],
  fill: readonly Value[],
  context: Context,
): Column[] {
  const { math } = context;
  const numbers = fill.map((value) => (typeof value === 'number' ? value : Number.NaN));
  const empty = (value: number | undefined) => value === undefined || Number.isNaN(value);
  const kept = columns.filter((_, index) => !empty(numbers[index]));
  if (kept.length === 0) throw unsupportedPickle(`holds a ${estimator.name} that leaves out all columns`);
  const value = asNumbers(kept, context);
  const row = math.row(numbers.filter((number) => !empty(number)));
  return columnsOf(math.where(isMissing(value, estimator, context), row, value), kept.length, context);
}

function fillText(column: Column, fill: Value, estimator: Estimator, context: Context): Column[] {
  if (typeof fill !== 'string') throw unsupportedPickle(`holds a ${estimator.name} of both texts and numbers`);
  const { graph } = context;
  const value = asText(column, context);
  const constant = graph.initializer(tensor.string([fill], [1, 1]), 'text');
  return columnsOf(graph.node('Where', [isEmptyText(value, context), constant, value]), 1, context, 'text');
}

/** The runtime compares texts by looking them up. */
function isEmptyText(value: string, { graph, math }: Context): string {
  const found = graph.node(
    'LabelEncoder',
    [value],
    {
      keys_strings: attribute.strings(['', 'nan', 'None']),
      values_int64s: attribute.ints([1, 1, 1]),
      default_int64: attribute.int(0),
    },
    'ai.onnx.ml',
  );
  return math.cast(found, 'bool');
}

/** `add_indicator`: a column of 0 and 1 for each column that had missing values in training. */
function indicators(
  features: Value | undefined,
  estimator: Estimator,
  columns: readonly Column[],
  texts: boolean,
  context: Context,
): Column[] {
  const indices = isArray(features) ? Array.from(readMatrix(features).values) : [];
  return indices.flatMap((index) => {
    const column = columns[index];
    if (column === undefined) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
    const missing = texts
      ? isEmptyText(asText(column, context), context)
      : isMissing(asNumbers([column], context), estimator, context);
    return columnsOf(context.math.cast(missing, 'float64'), 1, context);
  });
}
