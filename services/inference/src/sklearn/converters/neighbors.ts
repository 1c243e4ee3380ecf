import { attribute, createGraphBuilder } from '@vindima/onnx';
import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { isGlobal } from '../pickle/values.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { createMath, type Math64 } from './math.ts';

/** How gaps between two rows, one per column, become their distance. */
interface Metric {
  /** Of the gaps, [columns, training]: [training]. */
  readonly combine: (gaps: string, math: Math64) => string;
}

/** Adds up column after column, as scikit-learn's trees do, so that equal distances are equal. */
const addUp = (terms: string, math: Math64) => math.sum(terms, 0, false);

function metricOf(estimator: Estimator): Metric {
  const parameters = estimator.value('effective_metric_params_');
  const stored = parameters instanceof Map ? parameters.get('p') : undefined;
  const found = estimator.value('effective_metric_', 'metric');
  const name = typeof found === 'string' ? found : isGlobal(found) ? found.name : 'function';
  const weighted = parameters instanceof Map && parameters.has('w') && parameters.get('w') !== null;
  if (name === 'chebyshev') return { combine: (gaps, math) => math.maximum(gaps, 0, false) };
  const power = name === 'minkowski' ? (stored ?? 2) : powers[name];
  if (typeof power !== 'number' || !(power >= 1) || weighted) {
    throw unsupportedPickle(
      `holds a ${estimator.name} with the distance "${name.slice(0, 40)}", which is not supported`,
    );
  }
  if (power === 1) return { combine: addUp };
  if (power === 2) return { combine: (gaps, math) => math.root(addUp(math.multiply(gaps, gaps), math)) };
  return { combine: (gaps, math) => math.power(addUp(math.power(gaps, power), math), 1 / power) };
}

const powers: Readonly<Record<string, number>> = { euclidean: 2, l2: 2, manhattan: 1, cityblock: 1, l1: 1 };

/** Without a tree, scikit-learn has Euclidean distances of products: |x|² - 2 x·y + |y|², which rounds differently. */
function isExpanded(estimator: Estimator): boolean {
  return estimator.value('_fit_method') === 'brute' && estimator.value('effective_metric_') === 'euclidean';
}

function expandedDistances(row: string, training: string, norms: string, math: Math64): string {
  const product = math.multiply(math.matMul(row, training), -2);
  const squared = math.add(math.add(product, math.matMul(row, row)), norms);
  return math.root(math.where(math.less(squared, 0), 0, squared));
}

/**
 * Distances and indices of the nearest rows of training, each [rows, k], row by row: all distances at once would need
 * rows times training times columns of memory.
 */
function scanRows(
  estimator: Estimator,
  columns: readonly Column[],
  neighbors: number,
  context: Context,
): { distance: string; index: string } {
  const { graph, math } = context;
  const { shape, values } = estimator.matrix('_fit_X');
  const [count = 0, width] = shape;
  expectWidth(estimator.name, width, columns);
  if (!Number.isInteger(neighbors) || neighbors < 1 || neighbors > count) {
    throw unsupportedPickle(`holds a ${estimator.name} that asks for ${neighbors} of ${count} neighbors`);
  }
  const table = math.constant(values, [count, columns.length]);
  const training = graph.node('Transpose', [table]);
  const each = (dims: readonly number[]) => math.reshape(table, dims);
  const norms = isExpanded(estimator)
    ? math.reshape(math.matMul(each([count, 1, columns.length]), each([count, columns.length, 1])), [count])
    : null;
  const body = createGraphBuilder('nearest', norms === null ? [training] : [training, norms]);
  const inner = createMath(body);
  const row = body.input('row', 'float64', [columns.length]);
  const gaps = () => inner.absolute(inner.subtract(inner.unsqueeze(row, 1), training));
  const distances =
    norms === null ? metricOf(estimator).combine(gaps(), inner) : expandedDistances(row, training, norms, inner);
  // The smallest, and the first of equals.
  const [near, place] = body.nodes('TopK', [distances, inner.integers([neighbors])], {
    outputs: 2,
    attributes: { largest: attribute.int(0), axis: attribute.int(0) },
  });
  if (near === undefined || place === undefined) throw new Error('TopK has two outputs');
  body.output(near, 'float64', [neighbors]);
  body.output(place, 'int64', [neighbors]);
  const [distance, index] = graph.nodes('Scan', [asNumbers(columns, context)], {
    outputs: 2,
    attributes: { body: attribute.graph(body.build()), num_scan_inputs: attribute.int(1) },
  });
  if (distance === undefined || index === undefined) throw new Error('Scan has two outputs');
  return { distance, index };
}

/** Indices of the nearest rows of training, int64 [rows, k], and their weights, float64 [rows, k] or null for equal. */
function nearest(
  estimator: Estimator,
  columns: readonly Column[],
  context: Context,
): { index: string; weights: string | null } {
  const { math } = context;
  const { distance, index } = scanRows(estimator, columns, estimator.number('n_neighbors'), context);
  const weights = estimator.value('weights');
  if (weights === 'uniform' || weights === null) return { index, weights: null };
  if (weights !== 'distance') throw unsupportedPickle(`holds a ${estimator.name} whose weights are a function`);
  // Inverse of the distance; where one is 0, only those count.
  const zero = math.cast(math.equal(distance, 0), 'float64');
  const anyZero = math.greater(math.sum(zero, 1), 0);
  const inverse = math.divide(1, math.where(math.equal(distance, 0), 1, distance));
  return { index, weights: math.where(anyZero, zero, inverse) };
}

/** Weighted sum over the neighbors of a table's rows, [training, width], divided by the sum of weights. */
function average(
  table: string,
  { index, weights }: ReturnType<typeof nearest>,
  neighbors: number,
  context: Context,
): string {
  const { math } = context;
  const each = math.gather(table, index, 0);
  if (weights === null) return math.divide(math.sum(each, 1, false), neighbors);
  const total = math.sum(math.multiply(each, math.unsqueeze(weights, 2)), 1, false);
  return math.divide(total, math.sum(weights, 1));
}

export const neighborsClassifier: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const labels = estimator.matrix('_y').values;
  const table = new Float64Array(labels.length * classes.length);
  labels.forEach((label, row) => {
    if (!(label >= 0 && label < classes.length)) throw unsupportedPickle('holds a classifier whose labels do not fit');
    table[row * classes.length + label] = 1;
  });
  expectRows(estimator, labels.length);
  const share = math.constant(table, [labels.length, classes.length]);
  const probabilities = average(share, nearest(estimator, columns, context), estimator.number('n_neighbors'), context);
  return byLargest(classes, probabilities, probabilities, context);
};

export const neighborsRegressor: Predictor = (estimator, columns, context) => {
  const { shape, values } = estimator.matrix('_y');
  const [rows = 0, targets = 1] = shape;
  expectRows(estimator, rows);
  const table = context.math.constant(values, [rows, targets]);
  const found = nearest(estimator, columns, context);
  return { task: 'regression', value: average(table, found, estimator.number('n_neighbors'), context), targets };
};

function expectRows(estimator: Estimator, rows: number): void {
  if (estimator.matrix('_fit_X').shape[0] !== rows) {
    throw unsupportedPickle(`holds a ${estimator.name} whose labels do not fit its rows`);
  }
}
