import { attribute, createGraphBuilder, encodeModel, type GraphBuilder, tensor } from '@vindima/onnx';
import { atAnySize } from './any-size.ts';
import type { OnnxAttribute, OnnxSink } from './context.ts';
import { convertGraph } from './convert-graph.ts';
import { readGraph } from './graph.ts';

/** How many detections come out: each is left, top, right, bottom (pixels of the input), score (0..1), class (0..79). */
export const detectionCount = 100;
export const detectionSize = 6;

const toAttribute = (value: OnnxAttribute) => {
  if (typeof value === 'number') return attribute.int(value);
  return typeof value === 'string' ? attribute.string(value) : attribute.ints(value);
};

const createSink = (builder: GraphBuilder): OnnxSink => ({
  node: (operator, inputs, attributes = {}, outputs = 1) =>
    builder.nodes(operator, inputs, {
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toAttribute(value)])),
      outputs,
    }),
  constant: (shape, data) => {
    if (data instanceof Float32Array) return builder.initializer(tensor.float32(data, shape));
    if (data instanceof Int32Array) return builder.initializer(tensor.int32(data, shape));
    return builder.initializer(tensor.int64(data, shape));
  },
});

/**
 * Turns the CenterNet of `@vladmandic/human` into ONNX: input `image` uint8 1 x height x width x 3 RGB, both sides multiples of 32,
 * output `detections` float32 1 x 100 x 6.
 * @returns the bytes of the `.onnx` file
 */
export const buildCenterNet = (modelJson: string, weights: Uint8Array): Uint8Array => {
  const builder = createGraphBuilder('centernet');
  const image = builder.input('image', 'uint8', [1, 'height', 'width', 3]);
  // The network computes with the pixels' values as they are, 0 to 255; as bytes they are a quarter of the size on their way in.
  const float32 = 1;
  const pixels = builder.node('Cast', [image], { to: attribute.int(float32) });
  const detections = convertGraph(
    readGraph(modelJson, weights),
    pixels,
    'tower_0/detections',
    createSink(builder),
    atAnySize(pixels),
  );
  builder.output(builder.rename(detections, 'detections'), 'float32', [1, detectionCount, detectionSize]);
  return encodeModel({ graph: builder.build(), opsets: { '': 18 } });
};
