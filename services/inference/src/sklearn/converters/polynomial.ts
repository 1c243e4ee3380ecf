import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { asNumbers, columnsOf } from './columns.ts';
import type { Transformer } from './context.ts';

/** `degree` is one number or, since 1.1, a pair: from, to. */
function degrees(estimator: Estimator): { from: number; to: number } {
  const degree = estimator.value('degree');
  const pair = Array.isArray(degree) ? degree : [0, degree];
  const [from, to] = pair;
  if (typeof from !== 'number' || typeof to !== 'number' || from < 0 || to < from) {
    throw unsupportedPickle('holds PolynomialFeatures of no degree');
  }
  return { from, to };
}

/**
 * All products of up to `degree` columns: a 1 stands before the columns, so that every product has the same number of
 * factors, and each factor is one Gather.
 */
export const polynomialFeatures: Transformer = (estimator, columns, context) => {
  const { math, limits } = context;
  const { from, to } = degrees(estimator);
  const distinct = estimator.flag('interaction_only');
  const terms: number[][] = [];
  const extend = (term: readonly number[], degree: number) => {
    if (term.length === degree) {
      if (terms.length >= limits.maxColumns) throw pickleLimitExceeded('columns', limits.maxColumns);
      terms.push([...term]);
      return;
    }
    const last = term.at(-1);
    const start = last === undefined ? 0 : last + (distinct ? 1 : 0);
    for (let column = start; column < columns.length; column += 1) extend([...term, column], degree);
  };
  if (estimator.flag('include_bias', true)) terms.push([]);
  const highest = distinct ? Math.min(to, columns.length) : to;
  if (highest > 20) throw pickleLimitExceeded('degrees of a polynomial', 20);
  for (let degree = Math.max(1, from); degree <= highest; degree += 1) extend([], degree);
  if (terms.length === 0) throw unsupportedPickle('holds PolynomialFeatures that make no column');

  const values = asNumbers(columns, context);
  const one = math.add(math.multiply(math.columns(values, [0]), 0), 1);
  const factors = math.concat([one, values]);
  const factor = (place: number) =>
    math.columns(
      factors,
      terms.map((term) => (term[place] ?? -1) + 1),
    );
  let product = factor(0);
  for (let place = 1; place < highest; place += 1) product = math.multiply(product, factor(place));
  return columnsOf(product, terms.length, context);
};
