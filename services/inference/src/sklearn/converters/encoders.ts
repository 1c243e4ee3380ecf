import { missingText } from '../../tensors/missing-text.ts';
import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, requireArray } from '../numpy/read-array.ts';
import { isArray, type Value } from '../pickle/values.ts';
import { type Categories, noteCategories, oneHot, readCategories, toCategories } from './categories.ts';
import { columnsOf, expectWidth } from './columns.ts';
import type { Column, Context, Transformer } from './context.ts';

/** Categories that are rare and were put together are not understood here: refused rather than got wrong. */
function refuseInfrequent(estimator: Estimator): void {
  const lists = estimator.value('_infrequent_indices', 'infrequent_indices_');
  if (estimator.flag('_infrequent_enabled') && Array.isArray(lists) && lists.some((list) => list !== null)) {
    throw unsupportedPickle(`holds a ${estimator.name} with infrequent categories, which are not supported`);
  }
}

function unknownOf(estimator: Estimator): 'error' | 'ignore' {
  return (estimator.value('handle_unknown') ?? 'error') === 'error' ? 'error' : 'ignore';
}

/** Whether Python's None is one of the categories. */
function hasNone(categories: Value | undefined): boolean {
  return isArray(categories) && categories.objects?.includes(null) === true;
}

/** Per column the index of the category that has no column of its own (`drop`), or null. */
function droppedCategories(estimator: Estimator, count: number): (number | null)[] {
  const found = estimator.value('drop_idx_');
  const list = isArray(found) ? readElements(found) : Array.isArray(found) ? found : [];
  return Array.from({ length: count }, (_, index) => (typeof list[index] === 'number' ? list[index] : null));
}

/**
 * One column of 0 and 1 per category. A value that was not there in training is all zeros; where scikit-learn raises an
 * error, whoever reads the row has to (`noteCategories`): a graph cannot.
 */
export const oneHotEncoder: Transformer = (estimator, columns, context) => {
  refuseInfrequent(estimator);
  if (estimator.value('categories_') === undefined) {
    throw unsupportedPickle('holds a OneHotEncoder of before scikit-learn 0.20, or one that was not fitted');
  }
  const dropped = droppedCategories(estimator, columns.length);
  const lists = estimator.list('categories_');
  return readCategories(estimator, columns, context).flatMap((categories, index) => {
    const column = columns[index];
    if (column === undefined) return [];
    noteCategories(column, categories, unknownOf(estimator), context);
    if (hasNone(lists[index])) context.notes.keepNone(column.filled === true ? column.raw : null);
    const all = columnsOf(oneHot(column, categories, context), categories.count, context);
    return all.filter((_, category) => category !== dropped[index]);
  });
};

/** The index of each category; `unknown` for what is none, `missing` for NaN where that is set. */
function ordinal(column: Column, categories: Categories, unknown: number, missing: number, context: Context): string {
  const { math } = context;
  const found = oneHot(column, categories, context);
  const places = Array.from({ length: categories.count }, (_, place) => {
    const none = Number.isNaN(categories.numbers[place]) || categories.texts?.[place] === missingText;
    return none ? missing : place;
  });
  // Not a product with the places: 0 times NaN is NaN.
  const place = math.gather(math.constant(places, [places.length]), math.argMax(found), 0);
  const known = math.greater(math.sum(found, 1), 0);
  return math.where(known, math.unsqueeze(place, 1), unknown);
}

export const ordinalEncoder: Transformer = (estimator, columns, context) => {
  refuseInfrequent(estimator);
  const given = (value: Value | undefined) => (typeof value === 'number' ? value : Number.NaN);
  const unknown = estimator.has('unknown_value') ? given(estimator.value('unknown_value')) : Number.NaN;
  const missing = given(estimator.value('encoded_missing_value'));
  const lists = estimator.list('categories_');
  return readCategories(estimator, columns, context).flatMap((categories, index) => {
    const column = columns[index];
    if (column === undefined) return [];
    noteCategories(column, categories, unknownOf(estimator), context);
    if (hasNone(lists[index])) context.notes.keepNone(column.filled === true ? column.raw : null);
    return columnsOf(ordinal(column, categories, unknown, missing, context), 1, context);
  });
};

/** As OrdinalEncoder for one column, by `classes_`. */
export const labelEncoder: Transformer = (estimator, columns, context) => {
  expectWidth(estimator.name, 1, columns);
  const [column] = columns;
  if (column === undefined) return [];
  const classes = toCategories(readElements(requireArray(estimator.value('classes_'), 'classes_')), estimator);
  noteCategories(column, classes, 'error', context);
  return columnsOf(ordinal(column, classes, Number.NaN, Number.NaN, context), 1, context);
};
