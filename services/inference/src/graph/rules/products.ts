import { constantOf, type Flow, isFixed, mixed, rowsAlong } from '../flow.ts';
import { intOf, type Rule, textOf } from './rule.ts';

/** Matrices: rows on the left against a constant, or both of them in a leading axis. */
export const matMul: Rule = (_, inputs) => product(inputs[0], inputs[1], inputs.slice(2));

/** With the scales and zero points of a quantised product, which are constants. */
export const quantisedMatMul: Rule = (_, inputs) => {
  const others = inputs.filter((__, index) => index !== 0 && index !== 3);
  return product(inputs[0], inputs[3], others);
};

const product = (left: Flow | undefined, right: Flow | undefined, others: readonly (Flow | undefined)[]): Flow => {
  if (left === undefined || right === undefined || !others.every(isFixed)) return mixed;
  if (isFixed(left) && isFixed(right)) return constantOf(null);
  if (left.kind === 'rows' && right.kind === 'constant' && right.dims !== null) {
    const columns = left.dims.length - 1;
    if (left.axis === columns || left.dims.length < 2) return mixed;
    if (right.dims.length === 1) return rowsAlong(left.axis, left.dims.slice(0, -1));
    if (right.dims.length > 2) return mixed;
    return rowsAlong(left.axis, [...left.dims.slice(0, -1), right.dims[1] ?? null]);
  }
  if (left.kind === 'constant' && right.kind === 'rows' && left.dims?.length === 2) {
    if (right.dims.length < 2 || right.axis === right.dims.length - 2) return mixed;
    return rowsAlong(right.axis, [...right.dims.slice(0, -2), left.dims[0] ?? null, right.dims.at(-1) ?? null]);
  }
  if (left.kind !== 'rows' || right.kind !== 'rows') return mixed;
  const rank = left.dims.length;
  const isBatch = rank === right.dims.length && left.axis === right.axis && left.axis < rank - 2;
  return isBatch ? rowsAlong(left.axis, [...left.dims.slice(0, -1), right.dims.at(-1) ?? null]) : mixed;
};

export const gemm: Rule = (node, [left, right, added]) => {
  if (left?.kind !== 'rows' || right?.kind !== 'constant' || right.dims === null) {
    return [left, right, added].every(isFixed) ? constantOf(null) : mixed;
  }
  if (left.axis !== (intOf(node, 'transA', 0) === 1 ? 1 : 0)) return mixed;
  const width = right.dims[intOf(node, 'transB', 0) === 1 ? 0 : 1] ?? null;
  const result = rowsAlong(0, ['rows', width]);
  if (added === undefined) return result;
  if (added.kind === 'constant') return added.dims !== null && (added.dims.at(-2) ?? 1) === 1 ? result : mixed;
  return added.kind === 'rows' && added.axis === 0 && added.dims.length === 2 ? result : mixed;
};

/** Sums of products by letters: rows stay apart where their letter is in the answer, and in every part that has rows, in its place. */
export const einsum: Rule = (node, inputs) => {
  const equation = (textOf(node, 'equation') ?? '').replaceAll(/\s/g, '');
  const [from = '', to] = equation.split('->');
  const parts = from.split(',');
  if (to === undefined || equation.includes('.') || parts.length !== inputs.length) return mixed;
  const letters = new Set<string | undefined>();
  for (const [index, input] of inputs.entries()) {
    if (input?.kind === 'rows') letters.add(parts[index]?.[input.axis]);
    else if (!isFixed(input)) return mixed;
  }
  const [letter] = letters;
  if (letters.size === 0) return constantOf(null);
  if (letters.size !== 1 || letter === undefined || !to.includes(letter)) return mixed;
  const apart = inputs.every((input, index) => input?.kind === 'rows' || parts[index]?.includes(letter) !== true);
  return apart
    ? rowsAlong(
        to.indexOf(letter),
        Array.from(to, (each) => (each === letter ? 'rows' : null)),
      )
    : mixed;
};
