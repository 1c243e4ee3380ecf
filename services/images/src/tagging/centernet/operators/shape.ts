import {
  asTensorFlow,
  constantAt,
  inputAt,
  int64Constant,
  integerAttribute,
  type OperatorConverter,
  only,
  scalarAt,
} from '../context.ts';

/** Where an axis of NHWC is in NCHW. */
const channelsFirstAxis = [0, 2, 3, 1] as const;

const axisOf = (axis: number, channelsFirst: boolean): number => {
  const position = channelsFirst && axis < 0 ? axis + 4 : axis;
  return channelsFirst ? (channelsFirstAxis[position] ?? position) : position;
};

const mean: OperatorConverter = (input) => {
  const value = inputAt(input, 0);
  const keepsDimensions = input.node.attr?.keep_dims?.b === true;
  if (value.channelsFirst && !keepsDimensions) throw new Error(`${input.node.name} drops the dimensions of a picture.`);
  const axes = Array.from(constantAt(input, 1).data, (axis) => axisOf(axis, value.channelsFirst));
  const operands = [value.name, int64Constant(input.sink, axes)];
  const name = only(input.sink.node('ReduceMean', operands, { keepdims: keepsDimensions ? 1 : 0 }));
  return [{ name, channelsFirst: value.channelsFirst }];
};

const concatenate: OperatorConverter = (input) => {
  const values = input.inputs.slice(0, -1);
  const channelsFirst = values.every((value) => value.channelsFirst);
  const axis = axisOf(scalarAt(input, values.length), channelsFirst);
  const names = values.map((value) => (channelsFirst ? value.name : asTensorFlow(input.sink, value)));
  return [{ name: only(input.sink.node('Concat', names, { axis })), channelsFirst }];
};

const reshape: OperatorConverter = (input) => {
  const shape = int64Constant(input.sink, [...constantAt(input, 1).data]);
  const name = only(input.sink.node('Reshape', [asTensorFlow(input.sink, inputAt(input, 0)), shape]));
  return [{ name, channelsFirst: false }];
};

const expandDimensions: OperatorConverter = (input) => {
  const axes = int64Constant(input.sink, [scalarAt(input, 1)]);
  const name = only(input.sink.node('Unsqueeze', [asTensorFlow(input.sink, inputAt(input, 0)), axes]));
  return [{ name, channelsFirst: false }];
};

const largestInt32 = 2 ** 31 - 1;

/** A set bit of begin_mask or end_mask means "from the start" or "to the end" of that axis. */
const stridedSlice: OperatorConverter = (input) => {
  const { node, sink } = input;
  for (const mask of ['shrink_axis_mask', 'new_axis_mask', 'ellipsis_mask']) {
    if (integerAttribute(node, mask) !== 0) throw new Error(`${node.name} uses ${mask}.`);
  }
  const isSet = (mask: string, axis: number) => ((integerAttribute(node, mask) >> axis) & 1) === 1;
  const steps = [...constantAt(input, 3).data];
  if (steps.some((step) => step < 1)) throw new Error(`${node.name} runs backwards.`);
  const begins = Array.from(constantAt(input, 1).data, (begin, axis) => (isSet('begin_mask', axis) ? 0 : begin));
  const ends = Array.from(constantAt(input, 2).data, (end, axis) => (isSet('end_mask', axis) ? largestInt32 : end));
  const bounds = [begins, ends, steps.map((_, axis) => axis), steps].map((values) => int64Constant(sink, values));
  const name = only(sink.node('Slice', [asTensorFlow(sink, inputAt(input, 0)), ...bounds]));
  return [{ name, channelsFirst: false }];
};

/** ONNX answers indices as int64; the graph computes with int32. Equal scores come in the order of their indices in both. */
const topK: OperatorConverter = (input) => {
  const { node, sink } = input;
  const count = int64Constant(sink, [scalarAt(input, 1)]);
  const [values = '', indices = ''] = sink.node(
    'TopK',
    [asTensorFlow(sink, inputAt(input, 0)), count],
    { axis: -1, largest: 1, sorted: node.attr?.sorted?.b === false ? 0 : 1 },
    2,
  );
  const int32 = 6;
  return [
    { name: values, channelsFirst: false },
    { name: only(sink.node('Cast', [indices], { to: int32 })), channelsFirst: false },
  ];
};

const gather: OperatorConverter = (input) => {
  const { node, sink } = input;
  if (integerAttribute(node, 'batch_dims') !== 0) throw new Error(`${node.name} gathers in batches.`);
  const operands = [inputAt(input, 0), inputAt(input, 1)].map((value) => asTensorFlow(sink, value));
  return [{ name: only(sink.node('Gather', operands, { axis: scalarAt(input, 2) })), channelsFirst: false }];
};

/** Operators that move elements or take them together. */
export const shapeOperators: Readonly<Record<string, OperatorConverter>> = {
  Mean: mean,
  ConcatV2: concatenate,
  Reshape: reshape,
  ExpandDims: expandDimensions,
  StridedSlice: stridedSlice,
  TopKV2: topK,
  GatherV2: gather,
};
