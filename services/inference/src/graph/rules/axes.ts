import {
  constantOf,
  type Flow,
  fromFront,
  isFixed,
  mixed,
  numbersOf,
  productOf,
  rowsAlong,
  type Size,
  sizesIn,
} from '../flow.ts';
import { intOf, intsOf, type Rule } from './rule.ts';

/** Operators that work along one axis and keep the shape: rows stay apart along any other. */
export const alongAxis =
  (axisOf: (node: Parameters<Rule>[0], opset: number) => number, flattensBefore = 0): Rule =>
  (node, [input], opset) => {
    if (input?.kind !== 'rows') return input?.kind === 'constant' ? constantOf(input.dims) : mixed;
    const axis = fromFront(axisOf(node, opset), input.dims.length);
    // Before version 13 everything behind the axis was one row too.
    return (opset < flattensBefore ? input.axis < axis : input.axis !== axis) ? input : mixed;
  };

export const softmax = alongAxis((node, opset) => intOf(node, 'axis', opset < 13 ? 1 : -1), 13);

/** Sums, means and the like over some axes; without any, over all. */
export const reduce: Rule = (node, [input, axesInput]) => {
  if (input === undefined || input.kind === 'mixed') return mixed;
  const axes = intsOf(node, 'axes') ?? numbersOf(axesInput);
  if (isFixed(input) && isFixed(axesInput)) return constantOf(null);
  if (input.kind !== 'rows' || (axesInput !== undefined && axes === undefined)) return mixed;
  if (axes === undefined || axes.length === 0) return intOf(node, 'noop_with_empty_axes', 0) === 1 ? input : mixed;
  return withoutAxes(
    input,
    axes.map((axis) => fromFront(axis, input.dims.length)),
    intOf(node, 'keepdims', 1) === 1,
  );
};

const withoutAxes = (input: Extract<Flow, { kind: 'rows' }>, axes: readonly number[], keep: boolean): Flow => {
  if (axes.includes(input.axis)) return mixed;
  if (keep)
    return rowsAlong(
      input.axis,
      input.dims.map((size, axis) => (axes.includes(axis) ? 1 : size)),
    );
  const before = axes.filter((axis) => axis < input.axis).length;
  return rowsAlong(
    input.axis - before,
    input.dims.filter((_, axis) => !axes.includes(axis)),
  );
};

/** ArgMax and ArgMin: over the first axis unless told. */
export const argument: Rule = (node, [input]) => {
  if (input?.kind !== 'rows') return isFixed(input) ? constantOf(null) : mixed;
  const axis = fromFront(intOf(node, 'axis', 0), input.dims.length);
  return withoutAxes(input, [axis], intOf(node, 'keepdims', 1) === 1);
};

export const concat: Rule = (node, inputs) => {
  if (inputs.some((input) => input === undefined || input.kind === 'mixed')) return mixed;
  const rows = inputs.filter((input) => input?.kind === 'rows');
  const [first] = rows;
  if (first?.kind !== 'rows') {
    const parts = inputs.map(sizesIn);
    const kind = inputs.every(isFixed) ? 'constant' : 'size';
    const items = parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    return items === undefined ? { kind, dims: null } : { kind, dims: [items.length], items };
  }
  const axis = fromFront(intOf(node, 'axis', 1), first.dims.length);
  // A constant has no rows that could stand beside those of the others.
  if (rows.length !== inputs.length || axis === first.axis) return mixed;
  if (rows.some((flow) => flow?.kind !== 'rows' || flow.axis !== first.axis)) return mixed;
  const widths = rows.map((flow) => (flow?.kind === 'rows' ? (flow.dims[axis] ?? null) : null));
  const width = widths.every((size) => typeof size === 'number')
    ? widths.reduce<number>((sum, size) => sum + Number(size), 0)
    : null;
  return rowsAlong(
    first.axis,
    first.dims.map((size, place) => (place === axis ? width : size)),
  );
};

export const transpose: Rule = (node, [input]) => {
  if (input?.kind !== 'rows') return isFixed(input) ? constantOf(null) : mixed;
  const order = intsOf(node, 'perm') ?? input.dims.map((_, axis) => input.dims.length - 1 - axis);
  return rowsAlong(
    order.indexOf(input.axis),
    order.map((axis) => input.dims[axis] ?? null),
  );
};

/** Rows stay apart where they remain the first axis and nothing of another row comes into it. */
export const reshape: Rule = (node, [input, wantedInput], opset) => {
  if (input?.kind !== 'rows') {
    const kept = sizesIn(input);
    return input === undefined || input.kind === 'mixed'
      ? mixed
      : { kind: input.kind, dims: null, ...(kept === undefined ? {} : { items: kept }) };
  }
  const wanted = opset < 5 ? intsOf(node, 'shape') : sizesIn(wantedInput);
  if (wanted === undefined || input.axis !== 0) return mixed;
  const copiesZero = intOf(node, 'allowzero', 0) === 0;
  const [first, ...rest] = wanted.map((size, axis) => (size === 0 && copiesZero ? (input.dims[axis] ?? null) : size));
  const own = productOf(input.dims.slice(1));
  const isKept = first === 'rows' || (first === -1 && own !== undefined && own > 0 && productOf(rest) === own);
  if (!isKept) return mixed;
  const others = productOf(rest.filter((size) => size !== -1));
  const missing = own === undefined || others === undefined || others === 0 ? null : own / others;
  return rowsAlong(0, ['rows', ...rest.map((size) => (size === -1 ? missing : size))]);
};

export const flatten: Rule = (node, [input]) => {
  if (input?.kind !== 'rows') return isFixed(input) ? constantOf(null) : mixed;
  const axis = fromFront(intOf(node, 'axis', 1), input.dims.length);
  if (input.axis !== 0 || axis !== 1) return mixed;
  return rowsAlong(0, ['rows', productOf(input.dims.slice(1)) ?? null]);
};

export const squeeze: Rule = (node, [input, axesInput]) => {
  if (input === undefined || input.kind === 'mixed') return mixed;
  if (input.kind !== 'rows') return { ...input, dims: null };
  const axes = intsOf(node, 'axes') ?? numbersOf(axesInput);
  // Without axes one row would lose its axis, and several would not.
  if (axes === undefined) return mixed;
  return withoutAxes(
    input,
    axes.map((axis) => fromFront(axis, input.dims.length)),
    false,
  );
};

export const unsqueeze: Rule = (node, [input, axesInput]) => {
  if (input === undefined || input.kind === 'mixed') return mixed;
  if (input.kind !== 'rows') return { ...input, dims: null };
  const axes = intsOf(node, 'axes') ?? numbersOf(axesInput);
  if (axes === undefined) return mixed;
  const rank = input.dims.length + axes.length;
  const added = new Set(axes.map((axis) => fromFront(axis, rank)));
  const dims: Size[] = [];
  let place = 0;
  let rows = -1;
  for (let axis = 0; axis < rank; axis++) {
    if (added.has(axis)) dims.push(1);
    else {
      if (place === input.axis) rows = axis;
      dims.push(input.dims[place++] ?? null);
    }
  }
  return rowsAlong(rows, dims);
};

export const slice: Rule = (node, [input, starts, ends, axesInput, steps], opset) => {
  if (input === undefined || input.kind === 'mixed') return mixed;
  const from = opset < 10 ? intsOf(node, 'starts') : numbersOf(starts);
  const axes = (opset < 10 ? intsOf(node, 'axes') : numbersOf(axesInput)) ?? from?.map((_, axis) => axis);
  if (input.kind !== 'rows') {
    const to = opset < 10 ? intsOf(node, 'ends') : numbersOf(ends);
    const step = numbersOf(steps)?.[0] ?? 1;
    const items = step === 1 && from?.length === 1 ? sizesIn(input)?.slice(from[0], to?.[0]) : undefined;
    return known(input.kind, items);
  }
  if (axes === undefined) return mixed;
  const cut = axes.map((axis) => fromFront(axis, input.dims.length));
  if (cut.includes(input.axis)) return mixed;
  return rowsAlong(
    input.axis,
    input.dims.map((size, axis) => (cut.includes(axis) ? null : size)),
  );
};

/** What is left of sizes: constants where they are numbers. */
export const known = (kind: 'constant' | 'size', items: readonly Size[] | undefined): Flow => {
  if (items === undefined) return { kind, dims: null };
  const fixed = items.every((item) => typeof item === 'number');
  return { kind: fixed ? 'constant' : kind, dims: [items.length], items };
};

export const split: Rule = (node, [input]) => {
  if (input?.kind !== 'rows') return isFixed(input) ? constantOf(null) : mixed;
  const axis = fromFront(intOf(node, 'axis', 0), input.dims.length);
  return axis === input.axis
    ? mixed
    : rowsAlong(
        input.axis,
        input.dims.map((size, at) => (at === axis ? null : size)),
      );
};

/** Looks rows up in a table that is a constant, or takes the same places out of every row. */
export const gather: Rule = (node, [data, indices]) => {
  if (data === undefined || indices === undefined) return mixed;
  const places = numbersOf(indices);
  if (data.kind === 'constant' || data.kind === 'size') {
    if (indices.kind === 'rows' && data.kind === 'constant' && data.dims !== null) {
      const axis = fromFront(intOf(node, 'axis', 0), data.dims.length);
      const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
      return rowsAlong(axis + indices.axis, dims);
    }
    if (!isFixed(indices)) return mixed;
    const items = sizesIn(data);
    return known(data.kind, items === undefined ? undefined : places?.map((place) => items.at(place) ?? null));
  }
  if (data.kind !== 'rows' || !isFixed(indices) || indices.kind !== 'constant' || indices.dims === null) return mixed;
  const axis = fromFront(intOf(node, 'axis', 0), data.dims.length);
  if (axis === data.axis) return mixed;
  const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
  return rowsAlong(data.axis < axis ? data.axis : data.axis + indices.dims.length - 1, dims);
};
