import { attribute, tensor } from '@vindima/onnx';
import { unsupportedPickle } from '../errors.ts';
import type { Context } from './context.ts';
import type { Tree } from './tree-nodes.ts';

/** The type in which a row is compared with thresholds: scikit-learn's trees round rows to float32, its histogram trees do not. */
export type Precision = 'float32' | 'float64';

/** More than that many leaves per tree would not be exact in the float32 that the operator answers with. */
const maxLeaves = 2 ** 24;

/** Trees as one operator that tells which leaf of each tree a row comes to, and where each tree's leaves begin. */
export interface LeafFinder {
  /** int64 [rows, trees]: number of the leaf, counted over all trees. */
  readonly leaves: string;
  /** Values of all leaves, one after the other, `width` each. */
  readonly table: Float64Array;
  readonly width: number;
  readonly count: number;
}

interface Nodes {
  readonly trees: number[];
  readonly ids: number[];
  readonly features: number[];
  readonly thresholds: number[];
  readonly modes: string[];
  readonly whenTrue: number[];
  readonly whenFalse: number[];
  readonly missingTrue: number[];
}

/**
 * The operator answers with the number of the leaf instead of its value, because it would add up values in float32;
 * with numbers, all arithmetic stays ours, in float64, and ties are decided as scikit-learn decides them.
 */
export function findLeaves(trees: readonly Tree[], rows: string, precision: Precision, context: Context): LeafFinder {
  const { graph, math } = context;
  const width = trees[0]?.width ?? 0;
  if (trees.length === 0 || trees.some((tree) => tree.width !== width)) {
    throw unsupportedPickle('holds an ensemble without trees, or with trees that do not fit together');
  }
  const nodes: Nodes = {
    trees: [],
    ids: [],
    features: [],
    thresholds: [],
    modes: [],
    whenTrue: [],
    whenFalse: [],
    missingTrue: [],
  };
  const targets = { trees: [] as number[], ids: [] as number[], leaves: [] as number[] };
  const offsets: number[] = [];
  const table: number[] = [];
  trees.forEach((tree, number) => {
    offsets.push(table.length / width);
    let leaves = 0;
    tree.isLeaf.forEach((leaf, node) => {
      addNode(nodes, number, tree, node, precision);
      if (!leaf) return;
      targets.trees.push(number);
      targets.ids.push(node);
      targets.leaves.push(leaves);
      leaves += 1;
      for (let place = 0; place < width; place += 1) table.push(tree.values[node * width + place] ?? 0);
    });
    if (leaves > maxLeaves) throw unsupportedPickle('holds a tree with more than 16 million leaves');
  });
  const doubles = precision === 'float64';
  const found = graph.node(
    'TreeEnsembleRegressor',
    [math.cast(rows, precision)],
    {
      n_targets: attribute.int(trees.length),
      aggregate_function: attribute.string('SUM'),
      nodes_treeids: attribute.ints(nodes.trees),
      nodes_nodeids: attribute.ints(nodes.ids),
      nodes_featureids: attribute.ints(nodes.features),
      nodes_modes: attribute.strings(nodes.modes),
      nodes_truenodeids: attribute.ints(nodes.whenTrue),
      nodes_falsenodeids: attribute.ints(nodes.whenFalse),
      nodes_missing_value_tracks_true: attribute.ints(nodes.missingTrue),
      target_treeids: attribute.ints(targets.trees),
      target_nodeids: attribute.ints(targets.ids),
      target_ids: attribute.ints(targets.trees),
      ...(doubles
        ? {
            nodes_values_as_tensor: attribute.tensor(tensor.float64(nodes.thresholds)),
            target_weights_as_tensor: attribute.tensor(tensor.float64(targets.leaves)),
          }
        : { nodes_values: attribute.floats(nodes.thresholds), target_weights: attribute.floats(targets.leaves) }),
    },
    'ai.onnx.ml',
  );
  const leaves = math.add(math.cast(found, 'int64'), math.integers(offsets, [1, offsets.length]));
  return { leaves, table: Float64Array.from(table), width, count: trees.length };
}

function addNode(nodes: Nodes, number: number, tree: Tree, node: number, precision: Precision): void {
  const leaf = tree.isLeaf[node] === true;
  const threshold = leaf ? 0 : (tree.threshold[node] ?? 0);
  nodes.trees.push(number);
  nodes.ids.push(node);
  nodes.features.push(leaf ? 0 : (tree.feature[node] ?? 0));
  nodes.thresholds.push(precision === 'float32' ? roundDown(threshold) : threshold);
  nodes.modes.push(leaf ? 'LEAF' : 'BRANCH_LEQ');
  nodes.whenTrue.push(leaf ? 0 : (tree.left[node] ?? 0));
  nodes.whenFalse.push(leaf ? 0 : (tree.right[node] ?? 0));
  nodes.missingTrue.push(!leaf && tree.missingLeft[node] === true ? 1 : 0);
}

/** @returns the largest float32 that is not above `value`: for a float32 x, x <= value exactly when x <= that. */
export function roundDown(value: number): number {
  const rounded = Math.fround(value);
  if (!(rounded > value)) return rounded;
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, rounded);
  // One step towards minus infinity: of positive numbers the bits count down, of negative ones up, and 0 is between.
  if (rounded > 0) bits.setInt32(0, bits.getInt32(0) - 1);
  else if (rounded === 0) return -(2 ** -149);
  else bits.setInt32(0, bits.getInt32(0) + 1);
  return bits.getFloat32(0);
}

/** How many trees' values are in memory at once, per row. */
const treesAtOnce = 32;

/** @returns the sum over all trees of their leaves' values: float64 [rows, width]. */
export function sumOfLeaves(finder: LeafFinder, context: Context): string {
  const { math } = context;
  const table = math.constant(finder.table, [finder.table.length / finder.width, finder.width]);
  let total: string | undefined;
  for (let start = 0; start < finder.count; start += treesAtOnce) {
    const end = Math.min(start + treesAtOnce, finder.count);
    const some = math.columns(
      finder.leaves,
      Array.from({ length: end - start }, (_, index) => start + index),
    );
    const part = math.sum(math.gather(table, some, 0), 1, false);
    total = total === undefined ? part : math.add(total, part);
  }
  if (total === undefined) throw new Error('an ensemble without trees');
  return total;
}
