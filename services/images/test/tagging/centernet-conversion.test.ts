import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectionSize } from '../../src/tagging/centernet/build-model.ts';
import { cachedCenterNet } from '../../src/tagging/centernet/cached-model.ts';
import { createInference, type Inference } from '../../src/tagging/local/inference.ts';
import { drawScene } from '../support/pictures.ts';

let folder: string;
let inference: Inference;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vindima-centernet-'));
  inference = await createInference({ modelPath: (await cachedCenterNet(folder)).path });
});
afterAll(async () => {
  await inference.close();
  await rm(folder, { recursive: true });
});

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

/** Overwrites int32 constants of a weights file, by name. */
const overwrite = (entries: readonly WeightEntry[], file: ArrayBuffer, constants: Record<string, number[]>): void => {
  const view = new DataView(file);
  let offset = 0;
  for (const { name, shape, dtype, quantization } of entries) {
    for (const [index, value] of (constants[name] ?? []).entries()) view.setInt32(offset + 4 * index, value, true);
    const bytes = (quantization?.dtype ?? dtype) === 'float16' ? 2 : 4;
    offset += bytes * shape.reduce((product, size) => product * size, 1);
  }
};

/** The original graph, run by TensorFlow.js; the constants in which it keeps the size of its input are set to the picture's. */
const runTensorFlow = async (pixels: Uint8Array, height: number, width: number): Promise<Float32Array> => {
  await tf.setBackend('cpu');
  const models = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '..', 'models');
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(models, 'centernet.json'), 'utf8'));
  const weights = await readFile(join(models, 'centernet.bin'));
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength) as ArrayBuffer;
  overwrite(weightsManifest[0].weights, weightData, {
    'tower_0/CenternetHead/c5_upsample/up_sampling2d/mul': [height / 16, width / 16],
    'tower_0/CenternetHead/c4_upsample/up_sampling2d_1/mul': [height / 8, width / 8],
    'tower_0/CenternetHead/c3_upsample/up_sampling2d_2/mul': [height / 4, width / 4],
    'tower_0/BatchGather/concat': [(height * width) / 16, 4],
    'tower_0/strided_slice_6': [width / 4],
  });
  const placeholder = modelTopology.node.find(({ op }: { op: string }) => op === 'Placeholder');
  placeholder.attr.shape.shape.dim = [1, height, width, 3].map((size) => ({ size: String(size) }));
  const model = await loadGraphModel({
    load: async () => ({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData, format: 'graph-model' }),
  });
  const input = tf.tensor4d(Float32Array.from(pixels), [1, height, width, 3]);
  const output = model.execute(input, 'tower_0/detections') as tf.Tensor;
  return Float32Array.from(await output.data());
};

/** Detections whose scores are nearly equal may change places: they are compared class by class and place by place. */
const rows = (detections: Float32Array): number[][] =>
  Array.from({ length: detections.length / detectionSize }, (_, row) =>
    Array.from(detections.subarray(row * detectionSize, (row + 1) * detectionSize)),
  );

test.each([
  [512, 512],
  [288, 512],
  [416, 320],
])(
  'at %i x %i the converted network finds what TensorFlow.js finds, to 1e-3',
  {
    timeout: 300_000,
  },
  async (height, width) => {
    const pixels = await drawScene(width, height);
    const expected = rows(await runTensorFlow(pixels, height, width));
    const actual = rows(await inference.run({ type: 'uint8', dims: [1, height, width, 3], data: pixels.slice() }));
    expect(expected[0]?.[4]).toBeGreaterThan(0.2);
    for (const [row, [left = 0, top = 0, right = 0, bottom = 0, score = 0, label]] of expected.entries()) {
      const [l = 0, t = 0, r = 0, b = 0, s = 0, found] = actual[row] ?? [];
      expect([row, found]).toEqual([row, label]);
      expect(Math.abs(s - score), `score of row ${row}`).toBeLessThan(1e-3);
      // Boxes are in pixels: the same relative to the picture's size.
      const farthest = Math.max(...[l - left, t - top, r - right, b - bottom].map(Math.abs)) / Math.max(width, height);
      expect(farthest, `box of row ${row}`).toBeLessThan(1e-3);
    }
  },
);
