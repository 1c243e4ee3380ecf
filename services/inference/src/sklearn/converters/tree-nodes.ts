import { unsupportedPickle } from '../errors.ts';
import { readColumn, readMatrix, requireArray } from '../numpy/read-array.ts';
import { isObject, type Value } from '../pickle/values.ts';
import type { Context } from './context.ts';

/** One decision tree: nodes by their number, 0 the root. A leaf has no children. */
export interface Tree {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly isLeaf: readonly boolean[];
  readonly feature: Float64Array;
  readonly threshold: Float64Array;
  /** Where a missing value goes; all false where the tree knows none. */
  readonly missingLeft: readonly boolean[];
  /** Whether scikit-learn wrote where missing values go. */
  readonly knowsMissing?: boolean;
  /** Numbers per node; only those of leaves matter. */
  readonly values: Float64Array;
  readonly width: number;
}

/** Reads scikit-learn's `Tree`: an array of records, and per node a table of outputs and classes. */
export function readTree(estimator: Value | undefined, columns: number, context: Context): Tree {
  const tree = isObject(estimator) ? estimator.attributes.get('tree_') : undefined;
  if (!isObject(tree)) throw unsupportedPickle('holds a tree without nodes; was it fitted?');
  const nodes = requireArray(tree.attributes.get('nodes'), 'nodes');
  const column = (name: string) => {
    const values = readColumn(nodes, name);
    if (values === undefined) throw unsupportedPickle(`holds a tree whose nodes have no ${name}`);
    return values;
  };
  const left = column('left_child');
  context.countTreeNodes(left.length);
  const { shape, values } = readMatrix(requireArray(tree.attributes.get('values'), 'values'));
  const written = readColumn(nodes, 'missing_go_to_left');
  const missing = written ?? new Float64Array(left.length);
  const result: Tree = {
    left,
    right: column('right_child'),
    isLeaf: Array.from(left, (child) => child === -1),
    feature: column('feature'),
    threshold: column('threshold'),
    missingLeft: Array.from(missing, (flag) => flag !== 0),
    knowsMissing: written !== undefined,
    values,
    width: (shape[1] ?? 0) * (shape[2] ?? 0),
  };
  checkTree(result, columns);
  return result;
}

/**
 * Refuses what is no tree: a runtime would read outside of a row, or never come to a leaf. Children come after their
 * parents in scikit-learn, and each has one.
 */
export function checkTree(tree: Tree, columns: number): void {
  const count = tree.left.length;
  const parents = new Uint8Array(count);
  const sound = tree.isLeaf.every((leaf, node) => {
    if (leaf) return true;
    const children = [tree.left[node] ?? -1, tree.right[node] ?? -1];
    const feature = tree.feature[node] ?? -1;
    if (!(feature >= 0 && feature < columns) || Number.isNaN(tree.threshold[node])) return false;
    return children.every((child) => {
      if (!(child > node && child < count) || parents[child] === 1) return false;
      parents[child] = 1;
      return true;
    });
  });
  if (!sound || count === 0 || tree.width === 0 || tree.values.length !== count * tree.width) {
    throw unsupportedPickle('holds a tree whose nodes do not fit together');
  }
}
