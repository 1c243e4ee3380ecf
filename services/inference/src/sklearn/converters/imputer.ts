import { attribute, tensor } from '@vindima/onnx';
import { missingText } from '../../tensors/missing-text.ts';
import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, readMatrix } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import { asNumbers, asText, columnsOf, expectWidth } from './columns.ts';
import type { Column, Context, Transformer } from './context.ts';

/**
 * SimpleImputer, and Imputer of before 0.20: puts a number or text where one is missing. Columns that had no value in
 * training are left out.
 */
export const simpleImputer: Transformer = (estimator, columns, context) => {
  const statistics = estimator.value('statistics_');
  if (!isArray(statistics)) throw unsupportedPickle(`holds a ${estimator.name} that was not fitted`);
  if (estimator.value('axis') === 1) throw unsupportedPickle('holds an Imputer of rows, which is not supported');
  const fill = readElements(statistics);
  expectWidth(estimator.name, fill.length, columns);
  const isText = fill.some((value) => typeof value === 'string');
  for (const { raw } of columns) context.notes.takesMissing(raw);
  const filled = isText
    ? columns.flatMap((column, index) => fillOne(column, fill[index] ?? null, estimator, context))
    : fillNumbers(estimator, columns, fill, context);
  const indicator = estimator.value('indicator_');
  if (!isObject(indicator)) return filled;
  return [...filled, ...indicators(indicator.attributes.get('features_'), estimator, columns, fill, context)];
};

/** A table of texts and numbers is filled column by column. */
function fillOne(column: Column, fill: Value, estimator: Estimator, context: Context): Column[] {
  if (typeof fill === 'string') return fillText(column, fill, estimator, context);
  return fillNumbers(estimator, [column], [typeof fill === 'boolean' ? Number(fill) : fill], context);
}

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
  const filled = math.where(isMissing(value, estimator, context), row, value);
  return keepRaw(columnsOf(filled, kept.length, context), kept);
}

function fillText(column: Column, fill: string, estimator: Estimator, context: Context): Column[] {
  const { graph } = context;
  const value = asText(column, context);
  const constant = graph.initializer(tensor.string([fill], [1, 1]), 'text');
  const filled = graph.node('Where', [isMissingText(value, column, estimator, context), constant, value]);
  return keepRaw(columnsOf(filled, 1, context, 'text'), [column]);
}

/** The columns stay those of the input, but for what was missing. */
function keepRaw(filled: readonly Column[], columns: readonly Column[]): Column[] {
  return filled.map((column, index) => ({ ...column, raw: columns[index]?.raw ?? null, filled: true }));
}

/** Which texts stand for a missing one: none at all, or the one that was chosen. The runtime compares texts by looking them up. */
function isMissingText(value: string, { raw }: Column, estimator: Estimator, { graph, math, notes }: Context): string {
  const marker = estimator.value('missing_values');
  // Where None was a category behind the imputer, it was not missing to it.
  const isKept = raw !== null && notes.nones.has(raw) && marker !== null;
  const texts = typeof marker === 'string' ? [marker] : isKept ? [] : [missingText];
  const found = graph.node(
    'LabelEncoder',
    [value],
    {
      keys_strings: attribute.strings(texts.length === 0 ? ['\ufdd1'] : texts),
      values_int64s: attribute.ints([1]),
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
  fill: readonly Value[],
  context: Context,
): Column[] {
  const indices = isArray(features) ? Array.from(readMatrix(features).values) : [];
  return indices.flatMap((index) => {
    const column = columns[index];
    if (column === undefined) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
    const missing =
      typeof fill[index] === 'string'
        ? isMissingText(asText(column, context), column, estimator, context)
        : isMissing(asNumbers([column], context), estimator, context);
    return columnsOf(context.math.cast(missing, 'float64'), 1, context);
  });
}
