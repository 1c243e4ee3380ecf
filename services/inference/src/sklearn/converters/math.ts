import { attribute, type ElementType, type GraphBuilder, tensor } from '@vindima/onnx';

const dataTypes = { float32: 1, int64: 7, string: 8, bool: 9, float64: 11 } as const;

export type Math64 = ReturnType<typeof createMath>;

/** Operators on float64 tensors: scikit-learn computes in float64, and only so do all classes agree. */
export function createMath(graph: GraphBuilder) {
  const scalars = new Map<number, string>();
  const int = attribute.int;

  const scalar = (value: number): string => {
    const known = Object.is(value, -0) ? undefined : scalars.get(value);
    if (known !== undefined) return known;
    const name = graph.initializer(tensor.float64([value], []), 'number');
    scalars.set(value, name);
    return name;
  };
  const operand = (value: string | number) => (typeof value === 'number' ? scalar(value) : value);
  const binary = (operator: string) => (left: string | number, right: string | number) =>
    graph.node(operator, [operand(left), operand(right)]);
  const unary = (operator: string) => (value: string) => graph.node(operator, [value]);
  const integers = (values: readonly number[], dims?: readonly number[]) =>
    graph.initializer(tensor.int64(values, dims), 'integers');
  const divide = binary('Div');
  const add = binary('Add');
  const exp = unary('Exp');
  const negate = unary('Neg');

  return {
    scalar,
    integers,
    /** A constant of shape [1, values], which meets every row. */
    row: (values: ArrayLike<number> & Iterable<number>) =>
      graph.initializer(tensor.float64(values, [1, values.length]), 'row'),
    constant: (values: ArrayLike<number> & Iterable<number>, dims: readonly number[]) =>
      graph.initializer(tensor.float64(values, dims), 'matrix'),
    add,
    subtract: binary('Sub'),
    multiply: binary('Mul'),
    divide,
    power: binary('Pow'),
    equal: binary('Equal'),
    less: binary('Less'),
    greater: binary('Greater'),
    atLeast: binary('GreaterOrEqual'),
    or: (left: string, right: string) => graph.node('Or', [left, right]),
    and: (left: string, right: string) => graph.node('And', [left, right]),
    not: unary('Not'),
    isNan: unary('IsNaN'),
    exp,
    negate,
    log: unary('Log'),
    tanh: unary('Tanh'),
    absolute: unary('Abs'),
    root: unary('Sqrt'),
    matMul: (left: string, right: string) => graph.node('MatMul', [left, right]),
    where: (condition: string, yes: string | number, no: string | number) =>
      graph.node('Where', [condition, operand(yes), operand(no)]),
    clip: (value: string, low: number, high: number) => graph.node('Clip', [value, scalar(low), scalar(high)]),
    cast: (value: string, to: keyof typeof dataTypes & ElementType) =>
      graph.node('Cast', [value], { to: int(dataTypes[to]) }),
    softmax: (value: string) => graph.node('Softmax', [value], { axis: int(-1) }),
    /** 1 / (1 + exp(-x)), right at both ends since exp's infinity has the inverse 0. */
    sigmoid: (value: string) => divide(1, add(1, exp(negate(value)))),
    sum: (value: string, axis: number, keep = true) =>
      graph.node('ReduceSum', [value, integers([axis])], { keepdims: int(keep ? 1 : 0) }),
    maximum: (value: string, axis: number, keep = true) =>
      graph.node('ReduceMax', [value, integers([axis])], { keepdims: int(keep ? 1 : 0) }),
    /** Index of the largest, the first of equals; int64 without the axis. */
    argMax: (value: string, axis = 1) => graph.node('ArgMax', [value], { axis: int(axis), keepdims: int(0) }),
    gather: (value: string, index: string, axis: number) => graph.node('Gather', [value, index], { axis: int(axis) }),
    columns: (value: string, indices: readonly number[]) =>
      graph.node('Gather', [value, integers(indices)], { axis: int(1) }),
    concat: (values: readonly string[], axis = 1) =>
      values.length === 1 && values[0] !== undefined ? values[0] : graph.node('Concat', values, { axis: int(axis) }),
    reshape: (value: string, dims: readonly number[]) => graph.node('Reshape', [value, integers(dims)]),
    squeeze: (value: string, axis: number) => graph.node('Squeeze', [value, integers([axis])]),
    unsqueeze: (value: string, axis: number) => graph.node('Unsqueeze', [value, integers([axis])]),
  };
}
