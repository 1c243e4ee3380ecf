import { constantOf, type Flow, mixed, rowsAlong, type Size } from '../flow.ts';
import type { Rule } from './rule.ts';

/**
 * Operators that go element by element, with their inputs stretched to one shape: rows stay apart where all of them lie along the same
 * axis and no constant has a size there.
 */
export const elementwise: Rule = (_, inputs) => {
  const given = inputs.filter((input) => input !== undefined);
  if (given.some(({ kind }) => kind === 'mixed')) return mixed;
  const rows = given.filter((flow) => flow.kind === 'rows');
  // An answer made of the number of rows is another one when there are more of them.
  if (given.some(({ kind }) => kind === 'size')) return rows.length === 0 ? sizes(given) : mixed;
  const shapes = given.map((flow) => (flow.kind === 'mixed' ? null : flow.dims));
  const dims = broadcast(shapes);
  const [first] = rows;
  if (first === undefined) return constantOf(dims ?? null);
  if (dims === undefined) return mixed;
  const fromEnd = first.axis - first.dims.length;
  const apart = given.every((flow) => {
    if (flow.kind === 'rows') return flow.axis - flow.dims.length === fromEnd;
    const own = flow.kind === 'mixed' ? null : flow.dims;
    return own !== null && (own.at(fromEnd) ?? 1) === 1;
  });
  return apart ? rowsAlong(dims.length + fromEnd, dims) : mixed;
};

const sizes = (given: readonly Flow[]): Flow => {
  const shapes = given.map((flow) => (flow.kind === 'mixed' ? null : flow.dims));
  return { kind: 'size', dims: broadcast(shapes) ?? null };
};

/** The one shape that all are stretched to; undefined when a rank is not known. */
const broadcast = (shapes: readonly (readonly Size[] | null)[]): Size[] | undefined => {
  const known = shapes.filter((shape) => shape !== null);
  if (known.length !== shapes.length) return undefined;
  const rank = Math.max(0, ...known.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const own = known.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((size) => size !== 1);
    const [first = 1] = own;
    return own.includes('rows') ? 'rows' : own.every((size) => size === first) ? first : null;
  });
};

/** Operators with one input of interest; others are constants without a shape that matters. */
export const unary: Rule = (_, [input]) => {
  if (input === undefined) return mixed;
  // What was known of its elements is not true of the result.
  return input.kind === 'constant' || input.kind === 'size' ? { kind: input.kind, dims: input.dims } : input;
};

/** Operators that change neither elements nor their order, so that sizes stay known. */
export const same: Rule = (_, [input]) => input ?? mixed;

export const elementwiseOperators: readonly string[] = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Mod', 'Max', 'Min', 'Sum', 'Mean', 'And', 'Or', 'Xor', 'Equal', 'Less'],
  ...[
    'Greater',
    'LessOrEqual',
    'GreaterOrEqual',
    'Where',
    'BitShift',
    'BitwiseAnd',
    'BitwiseOr',
    'BitwiseXor',
    'PRelu',
  ],
];

export const unaryOperators: readonly string[] = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BitwiseNot', 'Ceil', 'Celu', 'Cos', 'Cosh', 'Elu'],
  ...['Erf', 'Exp', 'Floor', 'Gelu', 'HardSigmoid', 'HardSwish', 'IsInf', 'IsNaN', 'LeakyRelu', 'Log', 'Mish', 'Neg'],
  ...['Not', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Shrink', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Softsign'],
  ...['Sqrt', 'Tan', 'Tanh', 'ThresholdedRelu', 'Swish'],
];
