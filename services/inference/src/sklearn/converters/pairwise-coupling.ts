import { attribute, createGraphBuilder, tensor } from '@vindima/onnx';
import { unsupportedPickle } from '../errors.ts';
import { pairsOf } from './class-pairs.ts';
import type { Context } from './context.ts';
import { createMath } from './math.ts';

/** libsvm keeps the probability of each pair that far from 0 and 1. */
const margin = 1e-7;

/**
 * Probabilities of classes from the decisions of all pairs, as libsvm computes them: Platt's sigmoid per pair, and the
 * second method of Wu, Lin and Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling"
 * (JMLR 5, 2004). libsvm stops its iteration early, at 0.005 / classes; the same steps are taken here for each row,
 * since the exact solution differs from that in the third digit.
 *
 * @param decisions float64 [rows, pairs]
 * @returns float64 [rows, classes]
 */
export function couplePairs(
  decisions: string,
  classes: number,
  slopes: Float64Array,
  offsets: Float64Array,
  context: Context,
): string {
  const { graph, math } = context;
  const pairs = pairsOf(classes);
  if (slopes.length !== pairs.length || offsets.length !== pairs.length) {
    throw unsupportedPickle('holds a classifier whose probabilities do not fit its classes');
  }
  const exponent = math.add(math.multiply(decisions, math.row(slopes)), math.row(offsets));
  const pair = math.clip(math.sigmoid(math.negate(exponent)), margin, 1 - margin);
  // r[i][j] for all i and j, [rows, classes²]: of the pair for i < j, 1 minus that for i > j, and 0 for i = j.
  const both = math.concat([pair, math.subtract(1, pair), math.multiply(math.columns(pair, [0]), 0)]);
  const placeOf = new Map(pairs.map(([first, second], index) => [first * classes + second, index]));
  const wins = math.columns(
    both,
    Array.from({ length: classes * classes }, (_, index) => {
      const [first, second] = [Math.floor(index / classes), index % classes];
      const reverse = placeOf.get(second * classes + first);
      return placeOf.get(index) ?? (reverse === undefined ? 2 * pairs.length : pairs.length + reverse);
    }),
  );
  const r = math.reshape(wins, [-1, classes, classes]);
  const turned = graph.node('Transpose', [r], { perm: attribute.ints([0, 2, 1]) });
  // Q[t][j] = -r[j][t] r[t][j], and on the diagonal the sum over j of r[j][t]².
  const identity = math.constant(
    Array.from({ length: classes * classes }, (_, index) => (index % (classes + 1) === 0 ? 1 : 0)),
    [1, classes, classes],
  );
  const squares = math.sum(math.multiply(turned, turned), 2);
  const matrix = math.subtract(math.multiply(identity, squares), math.multiply(r, turned));
  const start = math.divide(
    math.add(math.multiply(math.columns(decisions, [0]), 0), math.row(new Array(classes).fill(1))),
    classes,
  );
  const again = graph.initializer(tensor.bool([true], []), 'again');
  const rounds = graph.initializer(tensor.int64([Math.max(100, classes)], []), 'rounds');
  return graph.node('Loop', [rounds, again, start], { body: attribute.graph(round(matrix, classes)) });
}

/** One round: for rows that are not there yet, one step for each class in turn. */
function round(matrix: string, classes: number) {
  const body = createGraphBuilder('coupling', [matrix]);
  const math = createMath(body);
  body.input('round', 'int64', []);
  body.input('continue', 'bool', []);
  const before = body.input('before', 'float64', ['rows', classes]);
  // The matrix is symmetric: Qp is the sum over its rows.
  const times = (vector: string) => math.sum(math.multiply(matrix, math.unsqueeze(vector, 1)), 2, false);
  let p = before;
  let qp = times(p);
  let pqp = math.sum(math.multiply(p, qp), 1);
  const error = math.maximum(math.absolute(math.subtract(qp, pqp)), 1);
  const active = math.atLeast(error, 0.005 / classes);
  for (let label = 0; label < classes; label += 1) {
    const row = math.gather(matrix, math.integers([label], []), 1);
    const diagonal = math.columns(row, [label]);
    const own = math.columns(qp, [label]);
    const step = math.divide(math.subtract(pqp, own), diagonal);
    const scale = math.add(1, step);
    const unit = math.row(Array.from({ length: classes }, (_, index) => (index === label ? 1 : 0)));
    const grown = math.add(pqp, math.multiply(step, math.add(math.multiply(step, diagonal), math.multiply(own, 2))));
    pqp = math.divide(math.divide(grown, scale), scale);
    qp = math.divide(math.add(qp, math.multiply(step, row)), scale);
    p = math.divide(math.add(p, math.multiply(step, unit)), scale);
  }
  const after = math.where(active, p, before);
  const open = body.node('ReduceMax', [math.cast(active, 'int64')], { keepdims: attribute.int(0) });
  const more = math.cast(open, 'bool');
  body.output(more, 'bool', []);
  body.output(after, 'float64', ['rows', classes]);
  return body.build();
}
