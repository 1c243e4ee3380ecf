import { asTensorFlow, inputAt, int64Constant, type OperatorConverter, only } from './context.ts';
import { doubleBilinear } from './operators/convolution.ts';

/** The network halves the picture five times: both sides of its input are multiples of this. */
export const inputStep = 32;
/** Detections are read from a map of a quarter of the input's size. */
const mapScale = 4;

/**
 * Makes the network take pictures of any size. It is convolutional throughout; what fixes it to 512 x 512 are constants that its exporter had
 * worked out: the sizes to which maps are enlarged, the number of places where something may be found, and how many of them are in a row.
 *
 * @param picture the ONNX value that the network reads, NHWC
 * @returns what stands in for the nodes that read those constants, by name
 */
export const atAnySize = (picture: string): Readonly<Record<string, OperatorConverter>> => {
  /** Places in a row of the map, int32. */
  const placesInRow: OperatorConverter = ({ sink }) => {
    const int32 = 6;
    const width = only(sink.node('Shape', [picture], { start: 2, end: 3 }));
    const places = only(sink.node('Div', [width, int64Constant(sink, [mapScale])]));
    return [{ name: only(sink.node('Cast', [places], { to: int32 })), channelsFirst: false }];
  };
  /** A box (4 numbers) for every place, row by row. */
  const boxes: OperatorConverter = (input) => {
    const { sink } = input;
    const perPlace = asTensorFlow(sink, inputAt(input, 0));
    return [{ name: only(sink.node('Reshape', [perPlace, int64Constant(sink, [-1, 4])])), channelsFirst: false }];
  };
  return {
    'tower_0/CenternetHead/c5_upsample/up_sampling2d/ResizeBilinear': doubleBilinear,
    'tower_0/CenternetHead/c4_upsample/up_sampling2d_1/ResizeBilinear': doubleBilinear,
    'tower_0/CenternetHead/c3_upsample/up_sampling2d_2/ResizeBilinear': doubleBilinear,
    'tower_0/BatchGather/Reshape_2': boxes,
    'tower_0/strided_slice_6': placesInRow,
  };
};
