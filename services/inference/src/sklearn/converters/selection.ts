import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, readMatrix, readColumn as readNodeColumn } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import { expectWidth } from './columns.ts';
import type { Column, Transformer } from './context.ts';

/** Keeps the columns at some places, as those of the input that they are. */
const keep = (estimator: Estimator, columns: readonly Column[], isKept: (place: number) => boolean): Column[] => {
  const kept = columns.filter((_, place) => isKept(place));
  if (kept.length === 0) throw unsupportedPickle(`holds a ${estimator.name} that keeps no column`);
  return kept;
};

/** RFE and RFECV say which columns they keep. */
export const supportSelector: Transformer = (estimator, columns) => {
  const found = estimator.value('support_');
  const flags = isArray(found) ? readElements(found) : [];
  expectWidth(estimator.name, flags.length, columns);
  return keep(estimator, columns, (place) => flags[place] === true);
};

export const varianceThreshold: Transformer = (estimator, columns) => {
  const variances = estimator.matrix('variances_').values;
  expectWidth(estimator.name, variances.length, columns);
  const threshold = estimator.number('threshold');
  return keep(estimator, columns, (place) => (variances[place] ?? 0) > threshold);
};

/** SelectKBest: the columns with the highest scores; of equal ones the later, as numpy's stable sort leaves them. */
export const bestSelector: Transformer = (estimator, columns) => {
  const scores = scoresOf(estimator, columns);
  const wanted = estimator.value('k');
  if (wanted === 'all') return [...columns];
  if (typeof wanted !== 'number') throw unsupportedPickle(`holds a ${estimator.name} that does not say how many`);
  return keepHighest(estimator, columns, scores, wanted);
};

/** SelectPercentile: what scores above a percentile, and as many of those at it as there is room for. */
export const percentileSelector: Transformer = (estimator, columns) => {
  const scores = scoresOf(estimator, columns);
  const wanted = estimator.number('percentile');
  if (wanted === 100) return [...columns];
  const threshold = percentileOf(scores, 100 - wanted);
  const kept = new Set([...scores.keys()].filter((place) => (scores[place] ?? 0) > threshold));
  const room = Math.floor((scores.length * wanted) / 100);
  for (const place of scores.keys()) if (scores[place] === threshold && kept.size < room) kept.add(place);
  return keep(estimator, columns, (place) => kept.has(place));
};

/** numpy's percentile: between the two nearest values, in a straight line. */
const percentileOf = (values: Float64Array, percent: number): number => {
  const sorted = Float64Array.from(values).sort();
  const at = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? 0) - low);
};

const scoresOf = (estimator: Estimator, columns: readonly Column[]): Float64Array => {
  const { values } = estimator.matrix('scores_');
  expectWidth(estimator.name, values.length, columns);
  // scikit-learn counts a score that is none as the lowest.
  return values.map((score) => (Number.isNaN(score) ? -Number.MAX_VALUE : score));
};

const keepHighest = (estimator: Estimator, columns: readonly Column[], scores: Float64Array, count: number) => {
  const order = [...scores.keys()].sort((left, right) => (scores[left] ?? 0) - (scores[right] ?? 0) || left - right);
  const kept = new Set(count === 0 ? [] : order.slice(-count));
  return keep(estimator, columns, (place) => kept.has(place));
};

/** SelectFromModel: columns that matter to a fitted model, by its importances or coefficients. */
export const modelSelector: Transformer = (estimator, columns) => {
  const model = estimator.value('estimator_') ?? estimator.value('estimator');
  const importances = importancesOf(model, columns.length);
  expectWidth(estimator.name, importances?.length, columns);
  if (importances === undefined || estimator.value('importance_getter') !== 'auto') {
    throw unsupportedPickle('holds a SelectFromModel of a model without importances');
  }
  const threshold = thresholdOf(estimator, model, importances);
  const most = estimator.value('max_features');
  if (typeof most !== 'number') {
    if (most !== null && most !== undefined)
      throw unsupportedPickle('holds a SelectFromModel whose size is a function');
    return keep(estimator, columns, (place) => (importances[place] ?? 0) >= threshold);
  }
  const order = [...importances.keys()].sort(
    (left, right) => (importances[right] ?? 0) - (importances[left] ?? 0) || left - right,
  );
  const kept = new Set(order.slice(0, most));
  return keep(estimator, columns, (place) => kept.has(place) && (importances[place] ?? 0) >= threshold);
};

/** The importances of trees are computed from their nodes; coefficients are added up over classes. */
const importancesOf = (model: Value | undefined, width: number): Float64Array | undefined => {
  if (!isObject(model)) return undefined;
  const coefficients = model.attributes.get('coef_');
  if (isArray(coefficients)) {
    const { shape, values } = readMatrix(coefficients);
    const rows = shape.length === 2 ? (shape[0] ?? 1) : 1;
    return Float64Array.from({ length: width }, (_, place) => {
      let sum = 0;
      for (let row = 0; row < rows; row += 1) sum += Math.abs(values[row * width + place] ?? 0);
      return sum;
    });
  }
  const members = model.attributes.get('estimators_');
  const trees = Array.isArray(members) ? members : isArray(members) ? readElements(members) : [model];
  const all = trees.map((tree) => treeImportances(tree, width));
  if (all.some((each) => each === undefined)) return undefined;
  // A tree of one leaf says nothing; the mean is over the others, brought to a sum of 1.
  const spoken = all.filter((each) => each?.some((value) => value !== 0));
  const mean = new Float64Array(width);
  for (const each of spoken)
    each?.forEach((value, place) => {
      mean[place] = (mean[place] ?? 0) + value / spoken.length;
    });
  const total = mean.reduce((sum, value) => sum + value, 0);
  return total === 0 ? mean : mean.map((value) => value / total);
};

/** The impurity that each column takes away, weighted by the rows at the node; brought to a sum of 1. */
const treeImportances = (value: Value | undefined, width: number): Float64Array | undefined => {
  const tree = isObject(value) ? value.attributes.get('tree_') : undefined;
  const nodes = isObject(tree) ? tree.attributes.get('nodes') : undefined;
  if (!isArray(nodes)) return undefined;
  const column = (name: string) => readNodeColumn(nodes, name);
  const [left, right] = [column('left_child'), column('right_child')];
  const [impurity, weight, feature] = [column('impurity'), column('weighted_n_node_samples'), column('feature')];
  if (!left || !right || !impurity || !weight || !feature) return undefined;
  const result = new Float64Array(width);
  left.forEach((child, node) => {
    if (child === -1) return;
    const part = (at: number) => (weight[at] ?? 0) * (impurity[at] ?? 0);
    const place = feature[node] ?? 0;
    result[place] = (result[place] ?? 0) + part(node) - part(child) - part(right[node] ?? 0);
  });
  const scaled = result.map((value) => value / (weight[0] ?? 1));
  const total = scaled.reduce((sum, value) => sum + value, 0);
  return total > 0 ? scaled.map((value) => value / total) : scaled;
};

/** `mean`, `1.25*median`, a number; without one, the mean, or 1e-5 for models that make coefficients 0. */
const thresholdOf = (estimator: Estimator, model: Value | undefined, importances: Float64Array): number => {
  const stated = estimator.value('threshold');
  if (typeof stated === 'number') return stated;
  const name = isObject(model) ? model.type.name : '';
  const penalty = isObject(model) ? model.attributes.get('penalty') : undefined;
  const isSparse = name.startsWith('Lasso') || name.startsWith('ElasticNet') || penalty === 'l1';
  const text = typeof stated === 'string' ? stated : isSparse ? undefined : 'mean';
  if (text === undefined) return 1e-5;
  const [scale, reference = text] = text.includes('*') ? text.split('*').map((part) => part.trim()) : ['1'];
  const mean = importances.reduce((sum, value) => sum + value, 0) / importances.length;
  const value = reference === 'mean' ? mean : reference === 'median' ? percentileOf(importances, 50) : Number.NaN;
  if (Number.isNaN(value)) throw unsupportedPickle(`holds a ${estimator.name} with a threshold that is not known`);
  return Number(scale) * value;
};
