import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { findLeaves, sumOfLeaves } from './tree-ensemble.ts';
import { readTree, type Tree } from './tree-nodes.ts';

/** The trees of a forest, or the one tree that a decision tree is. */
function readTrees(estimator: Estimator, columns: readonly Column[], context: Context): Tree[] {
  const members = estimator.value('tree_') === undefined ? estimator.list('estimators_') : [estimator.object];
  const trees = members.map((member) => readTree(member, columns.length, context));
  if (trees.some(({ knowsMissing }) => knowsMissing) && takesMissing(estimator)) {
    for (const { raw } of columns) context.notes.takesMissing(raw);
  }
  return trees;
}

/** Since when trees take rows with missing values: one tree since 1.3, random forests since 1.4, extra trees since 1.6. */
function takesMissing({ name, version }: Estimator): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const since = name.startsWith('DecisionTree') ? 3 : name.startsWith('RandomForest') ? 4 : 6;
  return major > 1 || (major === 1 && minor >= since);
}

/** The mean over all trees: of the shares of classes at the leaves, or of values. */
function meanOfTrees(trees: readonly Tree[], columns: readonly Column[], context: Context): string {
  const { math } = context;
  const total = sumOfLeaves(findLeaves(trees, asNumbers(columns, context), 'float32', context), context);
  return trees.length === 1 ? total : math.divide(total, trees.length);
}

/** Before 1.3, nodes hold weights of classes; each leaf's are brought to a sum of 1, which is their share since. */
function withShares(tree: Tree): Tree {
  const values = Float64Array.from(tree.values);
  for (let start = 0; start < values.length; start += tree.width) {
    const own = values.subarray(start, start + tree.width);
    const sum = own.reduce((total, weight) => total + weight, 0);
    if (sum !== 0)
      own.forEach((weight, index) => {
        own[index] = weight / sum;
      });
  }
  return { ...tree, values };
}

export const treeClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const trees = readTrees(estimator, columns, context).map(withShares);
  if (trees.some((tree) => tree.width !== classes.length)) {
    throw unsupportedPickle(`holds a ${estimator.name} whose trees have other classes`);
  }
  const probabilities = meanOfTrees(trees, columns, context);
  return byLargest(classes, probabilities, probabilities, context);
};

export const treeRegressor: Predictor = (estimator, columns, context) => {
  const trees = readTrees(estimator, columns, context);
  return { task: 'regression', value: meanOfTrees(trees, columns, context), targets: trees[0]?.width ?? 1 };
};
