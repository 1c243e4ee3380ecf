import {
  type ConvertedValue,
  constantAt,
  inputAt,
  integersAttribute,
  type OperatorConverter,
  type OperatorInput,
  only,
  stringAttribute,
  stringsAttribute,
} from '../context.ts';
import type { GraphNode, Weight } from '../graph.ts';

/** Strides and dilations are given as [N, H, W, C]; SAME puts the odd pixel of padding at the end, which is ONNX's SAME_UPPER. */
const window = (node: GraphNode) => {
  if (stringAttribute(node, 'data_format') !== 'NHWC') throw new Error(`${node.name} is not in NHWC.`);
  const padding = stringAttribute(node, 'padding');
  if (padding !== 'SAME' && padding !== 'VALID') throw new Error(`${node.name} has the padding ${padding}.`);
  return {
    strides: integersAttribute(node, 'strides').slice(1, 3),
    auto_pad: padding === 'SAME' ? 'SAME_UPPER' : 'VALID',
  };
};

/** [height, width, in, out] to ONNX's [out, in, height, width]. */
const fullKernel = ({ shape, data }: Weight): Weight => {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
  const kernel = new Float32Array(data.length);
  for (let position = 0; position < height * width; position++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        kernel[(output * inputs + input) * height * width + position] = Number(
          data[(position * inputs + input) * outputs + output],
        );
      }
    }
  }
  return { shape: [outputs, inputs, height, width], data: kernel };
};

/** [height, width, in, multiplier] to [in * multiplier, 1, height, width], with one group per channel of the input. */
const depthwiseKernel = ({ shape, data }: Weight): Weight => {
  const [height = 0, width = 0, inputs = 0, multiplier = 0] = shape;
  const { data: kernel } = fullKernel({ shape: [height, width, 1, inputs * multiplier], data });
  return { shape: [inputs * multiplier, 1, height, width], data: kernel };
};

/** What a fused node does behind the convolution. The bias is the convolution's own third input. */
const fusedActivation = (input: OperatorInput, name: string): string => {
  let result = name;
  for (const operation of stringsAttribute(input.node, 'fused_ops')) {
    if (operation === 'BiasAdd') continue;
    if (operation !== 'Relu')
      throw new Error(`${input.node.name} is fused with ${operation}, which the conversion does not know.`);
    result = only(input.sink.node('Relu', [result]));
  }
  return result;
};

const convolution =
  (arrange: (kernel: Weight) => Weight, groups: (kernel: Weight) => number): OperatorConverter =>
  (input) => {
    const { node, sink } = input;
    const weights = constantAt(input, 1);
    const kernel = arrange(weights);
    const picture: ConvertedValue = inputAt(input, 0);
    if (!picture.channelsFirst) throw new Error(`${node.name} convolves something that is not a picture.`);
    const operands = [picture.name, sink.constant(kernel.shape, kernel.data)];
    if (input.inputs.length > 2) operands.push(inputAt(input, 2).name);
    const attributes = {
      ...window(node),
      dilations: integersAttribute(node, 'dilations').slice(1, 3),
      kernel_shape: kernel.shape.slice(2),
      group: groups(weights),
    };
    const name = fusedActivation(input, only(sink.node('Conv', operands, attributes)));
    return [{ name, channelsFirst: true }];
  };

const channelsIn = ({ shape }: Weight): number => shape[2] ?? 0;

const maximumPool: OperatorConverter = (input) => [
  {
    name: only(
      input.sink.node('MaxPool', [inputAt(input, 0).name], {
        ...window(input.node),
        kernel_shape: integersAttribute(input.node, 'ksize').slice(1, 3),
      }),
    ),
    channelsFirst: true,
  },
];

/**
 * Without half-pixel centres and aligned corners an output pixel reads at `index * scale`: ONNX calls that asymmetric.
 * @param target the names of ONNX's third and fourth input: scales, or '' and sizes
 */
const resizeTo = (input: OperatorInput, target: readonly string[]): readonly ConvertedValue[] => {
  const { node, sink } = input;
  if (node.attr?.align_corners?.b === true) throw new Error(`${node.name} aligns corners.`);
  const name = only(
    sink.node('Resize', [inputAt(input, 0).name, '', ...target], {
      axes: [2, 3],
      mode: 'linear',
      coordinate_transformation_mode: node.attr?.half_pixel_centers?.b === true ? 'half_pixel' : 'asymmetric',
    }),
  );
  return [{ name, channelsFirst: true }];
};

const resizeBilinear: OperatorConverter = (input) =>
  resizeTo(input, ['', input.sink.constant([2], BigInt64Array.from(constantAt(input, 1).data, BigInt))]);

/** A bilinear resize to twice its input's size, whatever the constant says that the graph has for it. */
export const doubleBilinear: OperatorConverter = (input) =>
  resizeTo(input, [input.sink.constant([2], Float32Array.of(2, 2))]);

/** Operators that look at neighbouring pixels. */
export const convolutionOperators: Readonly<Record<string, OperatorConverter>> = {
  Conv2D: convolution(fullKernel, () => 1),
  _FusedConv2D: convolution(fullKernel, () => 1),
  DepthwiseConv2dNative: convolution(depthwiseKernel, channelsIn),
  FusedDepthwiseConv2dNative: convolution(depthwiseKernel, channelsIn),
  MaxPool: maximumPool,
  ResizeBilinear: resizeBilinear,
};
