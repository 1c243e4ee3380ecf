import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readColumn, readMatrix, requireArray } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import { fromRawScores, sumOfRounds } from './boosting.ts';
import { type CategorySplit, derivedColumns } from './category-splits.ts';
import { readClasses } from './classes.ts';
import { asNumbers } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { findLeaves } from './tree-ensemble.ts';
import { checkTree, type Tree } from './tree-nodes.ts';

/**
 * Reads a `TreePredictor`. A split by category becomes a comparison with a column that is added to the rows: 0 for
 * categories that go left, 1 for those that go right.
 */
function readPredictor(value: Value, columns: number, splits: CategorySplit[], context: Context): Tree {
  if (!isObject(value)) throw unsupportedPickle('holds boosted trees that are no trees');
  const nodes = requireArray(value.attributes.get('nodes'), 'nodes');
  const column = (...names: string[]) => {
    const found = names.map((name) => readColumn(nodes, name)).find((candidate) => candidate !== undefined);
    if (found === undefined) throw unsupportedPickle(`holds a tree whose nodes have no ${names[0]}`);
    return found;
  };
  const leaves = column('is_leaf');
  context.countTreeNodes(leaves.length);
  const feature = Float64Array.from(column('feature_idx'));
  const threshold = Float64Array.from(column('num_threshold', 'threshold'));
  const missing = column('missing_go_to_left');
  const isLeaf = Array.from(leaves, (flag) => flag !== 0);
  const categorical = readColumn(nodes, 'is_categorical') ?? new Float64Array(leaves.length);
  const bitsets = value.attributes.get('raw_left_cat_bitsets');
  const { shape, values } = isArray(bitsets) ? readMatrix(bitsets) : { shape: [0, 8], values: new Float64Array() };
  const rows = readColumn(nodes, 'bitset_idx') ?? new Float64Array();
  isLeaf.forEach((leaf, node) => {
    if (leaf || categorical[node] === 0) return;
    const source = feature[node] ?? -1;
    if (!(source >= 0 && source < columns)) throw unsupportedPickle('holds a tree whose nodes do not fit together');
    const row = rows[node] ?? -1;
    if (shape[1] !== 8 || !(row >= 0 && row < (shape[0] ?? 0))) {
      throw unsupportedPickle('holds a tree whose categories do not fit');
    }
    feature[node] = columns + splits.length;
    threshold[node] = 0.5;
    splits.push({ column: source, left: values.subarray(row * 8, row * 8 + 8), missingLeft: missing[node] !== 0 });
  });
  return {
    left: column('left'),
    right: column('right'),
    isLeaf,
    feature,
    threshold,
    missingLeft: Array.from(missing, (flag, node) => flag !== 0 && categorical[node] === 0),
    values: column('value'),
    width: 1,
  };
}

function rawScores(estimator: Estimator, given: readonly Column[], perRound: number, context: Context): string {
  const { math, limits } = context;
  // Since 1.4 the model encodes its categories itself, and has their columns before the others.
  const columns = estimator.has('_preprocessor') ? context.transform(estimator.value('_preprocessor'), given) : given;
  const splits: CategorySplit[] = [];
  const trees = estimator.list('_predictors').flatMap((round) => {
    if (!Array.isArray(round) || round.length !== perRound) {
      throw unsupportedPickle(`holds a ${estimator.name} whose rounds are not complete`);
    }
    return round.map((tree) => readPredictor(tree, columns.length, splits, context));
  });
  if (splits.length > limits.maxColumns) throw pickleLimitExceeded('columns', limits.maxColumns);
  for (const tree of trees) checkTree(tree, columns.length + splits.length);
  for (const { raw } of given) context.notes.takesMissing(raw);
  const rows = asNumbers(columns, context);
  const all = splits.length === 0 ? rows : math.concat([rows, derivedColumns(estimator, rows, splits, context)]);
  const baseline = Array.from(estimator.matrix('_baseline_prediction').values);
  if (baseline.length !== perRound) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
  const finder = findLeaves(trees, all, 'float64', context);
  return math.add(sumOfRounds(finder, perRound, context), math.row(baseline));
}

export const histogramBoostingClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const raw = rawScores(estimator, columns, classes.length === 2 ? 1 : classes.length, context);
  return fromRawScores(classes, raw, 1, context);
};

export const histogramBoostingRegressor: Predictor = (estimator, columns, context) => {
  const raw = rawScores(estimator, columns, 1, context);
  const loss = estimator.value('loss');
  const logarithmic = loss === 'poisson' || loss === 'gamma';
  return { task: 'regression', value: logarithmic ? context.math.exp(raw) : raw, targets: 1 };
};
