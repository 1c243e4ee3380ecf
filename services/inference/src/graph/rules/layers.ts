import { constantOf, fromFront, isFixed, mixed, numbersOf, rowsAlong, type Size, sizesIn } from '../flow.ts';
import { intOf, intsOf, type Rule, textOf } from './rule.ts';

/** Layers of networks: the first axis is that of the rows, weights are constants, and nothing else is known of the sizes. */
export const layer: Rule = (_, [input, ...weights]) => {
  if (input?.kind !== 'rows') return isFixed(input) && weights.every(isFixed) ? constantOf(null) : mixed;
  if (input.axis !== 0 || !weights.every(isFixed)) return mixed;
  return rowsAlong(
    0,
    input.dims.map((_size, axis) => (axis === 0 ? 'rows' : null)),
  );
};

/** In training it takes its statistics from the rows that run together. */
export const batchNormalization: Rule = (node, inputs, opset) => {
  const trains =
    opset >= 14 ? intOf(node, 'training_mode', 0) === 1 : node.outputs.filter((name) => name !== '').length > 1;
  const [input, ...weights] = inputs;
  if (trains || input?.kind !== 'rows' || input.axis !== 0 || !weights.every(isFixed)) return mixed;
  return [input];
};

/** In training it is a matter of chance. */
export const dropout: Rule = (_, [input, , training]) =>
  training === undefined || numbersOf(training)?.[0] === 0 ? (input ?? mixed) : mixed;

export const layerNormalization: Rule = (node, [input, ...weights]) => {
  if (input?.kind !== 'rows' || !weights.every(isFixed)) return mixed;
  return input.axis < fromFront(intOf(node, 'axis', -1), input.dims.length) ? input : mixed;
};

export const meanVarianceNormalization: Rule = (node, [input]) =>
  input?.kind === 'rows' && !(intsOf(node, 'axes') ?? [0, 2, 3]).includes(input.axis) ? input : mixed;

/** RNN, GRU and LSTM: sequences, rows, numbers; or rows first where the layout says so. */
export const recurrent: Rule = (node, inputs) => {
  const [input, weights, recurrence, bias, lengths, ...states] = inputs;
  const rowsFirst = intOf(node, 'layout', 0) === 1;
  if (input?.kind !== 'rows' || input.axis !== (rowsFirst ? 0 : 1)) return mixed;
  if (![weights, recurrence, bias].every(isFixed)) return mixed;
  if (lengths !== undefined && !(lengths.kind === 'rows' && lengths.axis === 0)) return mixed;
  const initial = states.slice(0, node.operator === 'LSTM' ? 2 : 1);
  const peepholes = states[2];
  const axis = rowsFirst ? 0 : 1;
  if (!isFixed(peepholes)) return mixed;
  if (initial.some((state) => state !== undefined && !(state.kind === 'rows' && state.axis === axis))) return mixed;
  const hidden = intOf(node, 'hidden_size', -1);
  const width: Size = hidden < 0 ? null : hidden;
  const directions = textOf(node, 'direction') === 'bidirectional' ? 2 : 1;
  const [steps = null] = input.dims;
  const all = rowsFirst
    ? rowsAlong(0, ['rows', input.dims[1] ?? null, directions, width])
    : rowsAlong(2, [steps, directions, 'rows', width]);
  const last = rowsFirst ? rowsAlong(0, ['rows', directions, width]) : rowsAlong(1, [directions, 'rows', width]);
  return [all, last, last];
};

/** A constant that is made as many times as there are rows is one for each of them. */
export const expand: Rule = (_, [input, shapeInput]) => {
  const wanted = sizesIn(shapeInput);
  if (input === undefined || wanted === undefined || input.kind === 'mixed' || input.kind === 'size') return mixed;
  if (input.kind === 'rows') {
    const atRows = wanted.at(input.axis - input.dims.length) ?? 1;
    if (wanted.length > input.dims.length || !(atRows === 1 || atRows === 'rows')) return mixed;
    const offset = input.dims.length - wanted.length;
    return rowsAlong(
      input.axis,
      input.dims.map((size, axis) => (size === 1 ? (wanted[axis - offset] ?? 1) : size)),
    );
  }
  const axis = wanted.indexOf('rows');
  if (axis < 0) return constantOf(wanted);
  const own = input.dims?.at(axis - wanted.length) ?? 1;
  return own === 1 && wanted.lastIndexOf('rows') === axis ? rowsAlong(axis, wanted) : mixed;
};

export const constantOfShape: Rule = (_, [shapeInput]) => {
  const wanted = sizesIn(shapeInput);
  if (wanted === undefined) return mixed;
  const axis = wanted.indexOf('rows');
  if (axis < 0) return constantOf(wanted);
  return wanted.lastIndexOf('rows') === axis ? rowsAlong(axis, wanted) : mixed;
};

export const pad: Rule = (node, [input, padsInput, value, axesInput]) => {
  const pads = intsOf(node, 'pads') ?? numbersOf(padsInput);
  if (input?.kind !== 'rows' || pads === undefined || !isFixed(value)) return mixed;
  const axes = axesInput === undefined ? input.dims.map((_, axis) => axis) : numbersOf(axesInput);
  const place = axes?.map((axis) => fromFront(axis, input.dims.length)).indexOf(input.axis);
  if (axes === undefined || place === undefined) return mixed;
  if (place >= 0 && (pads[place] !== 0 || pads[place + axes.length] !== 0)) return mixed;
  return rowsAlong(
    input.axis,
    input.dims.map((_, axis) => (axis === input.axis ? 'rows' : null)),
  );
};

export const tile: Rule = (_, [input, repeats]) => {
  const times = numbersOf(repeats);
  if (input?.kind !== 'rows' || times?.[input.axis] !== 1) return mixed;
  return rowsAlong(
    input.axis,
    input.dims.map((size, axis) => (axis === input.axis ? 'rows' : times[axis] === 1 ? size : null)),
  );
};

/** The largest of each row, along another axis than theirs. */
export const topK: Rule = (node, [input, count]) => {
  if (input?.kind !== 'rows' || !isFixed(count)) return mixed;
  const axis = fromFront(intOf(node, 'axis', -1), input.dims.length);
  const taken = numbersOf(count)?.[0] ?? intOf(node, 'k', -1);
  if (axis === input.axis) return mixed;
  return rowsAlong(
    input.axis,
    input.dims.map((size, at) => (at === axis ? (taken < 0 ? null : taken) : size)),
  );
};

export const cumulate: Rule = (_, [input, axisInput]) => {
  const [axis] = numbersOf(axisInput) ?? [];
  if (input?.kind !== 'rows' || axis === undefined) return mixed;
  return fromFront(axis, input.dims.length) === input.axis ? mixed : input;
};

export const oneHot: Rule = (node, [indices, depth, values]) => {
  if (indices?.kind !== 'rows' || !isFixed(depth) || !isFixed(values)) return mixed;
  const rank = indices.dims.length + 1;
  const axis = fromFront(intOf(node, 'axis', -1), rank);
  const dims = [...indices.dims.slice(0, axis), numbersOf(depth)?.[0] ?? null, ...indices.dims.slice(axis)];
  return rowsAlong(axis <= indices.axis ? indices.axis + 1 : indices.axis, dims);
};
