import { type ConvertedValue, inputAt, type OperatorConverter, type OperatorInput, only } from '../context.ts';

const unary =
  (operator: string): OperatorConverter =>
  (input) => {
    const value = inputAt(input, 0);
    return [{ name: only(input.sink.node(operator, [value.name])), channelsFirst: value.channelsFirst }];
  };

/** A constant per channel (NHWC broadcasts it from the right) reshaped for NCHW. */
const besidePicture = (input: OperatorInput, value: ConvertedValue): string => {
  if (value.channelsFirst) return value.name;
  const { constant } = value;
  const size = constant?.data.length;
  if (constant === undefined || (size !== 1 && constant.shape.length !== 1)) {
    throw new Error(`${input.node.name} combines a picture with something else than a constant per channel.`);
  }
  return size === 1 ? value.name : input.sink.constant([1, constant.data.length, 1, 1], constant.data);
};

const operands = (input: OperatorInput): { names: [string, string]; channelsFirst: boolean } => {
  const [left, right] = [inputAt(input, 0), inputAt(input, 1)];
  const channelsFirst = left.channelsFirst || right.channelsFirst;
  if (!channelsFirst) return { names: [left.name, right.name], channelsFirst };
  return { names: [besidePicture(input, left), besidePicture(input, right)], channelsFirst };
};

const binary =
  (operator: string): OperatorConverter =>
  (input) => {
    const { names, channelsFirst } = operands(input);
    return [{ name: only(input.sink.node(operator, names)), channelsFirst }];
  };

const relu6: OperatorConverter = (input) => {
  const value = inputAt(input, 0);
  const bounds = [0, 6].map((bound) => input.sink.constant([], Float32Array.of(bound)));
  return [{ name: only(input.sink.node('Clip', [value.name, ...bounds])), channelsFirst: value.channelsFirst }];
};

/** ONNX divides integers towards zero; taking the remainder off first (ONNX's Mod has the sign of the divisor) rounds down. */
const floorDivide: OperatorConverter = (input) => {
  const { names, channelsFirst } = operands(input);
  const remainder = only(input.sink.node('Mod', names));
  const whole = only(input.sink.node('Sub', [names[0], remainder]));
  return [{ name: only(input.sink.node('Div', [whole, names[1]])), channelsFirst }];
};

/** TensorProto.DataType */
const onnxTypes: Readonly<Record<string, number>> = { DT_FLOAT: 1, DT_INT32: 6, DT_INT64: 7, DT_BOOL: 9 };

const cast: OperatorConverter = (input) => {
  const type = input.node.attr?.DstT?.type ?? '';
  const to = onnxTypes[type];
  if (to === undefined) throw new Error(`${input.node.name} casts to ${type}, which the conversion does not know.`);
  const value = inputAt(input, 0);
  return [{ name: only(input.sink.node('Cast', [value.name], { to })), channelsFirst: value.channelsFirst }];
};

/** Operators that take every element for itself. */
export const elementwiseOperators: Readonly<Record<string, OperatorConverter>> = {
  Add: binary('Add'),
  AddV2: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Equal: binary('Equal'),
  FloorMod: binary('Mod'),
  FloorDiv: floorDivide,
  Relu: unary('Relu'),
  Relu6: relu6,
  Sigmoid: unary('Sigmoid'),
  Identity: unary('Identity'),
  Cast: cast,
};
