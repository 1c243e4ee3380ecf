import { detectionSize, inputEdge } from './build-model.ts';
import { cocoLabels } from './labels.ts';

/** [left, top, right, bottom] in pixels of the input. */
type Box = readonly [number, number, number, number];

interface Detection {
  readonly label: string;
  /** 0 to 1, as the network gives it: no probability yet. */
  readonly score: number;
  readonly box: Box;
}

/** What speaks for and against a label, as the calibration weighs it. */
export interface Evidence {
  readonly label: string;
  readonly score: number;
  /** The best score of another label on much the same place of the picture, 0 where there is none. */
  readonly rival: number;
  /** Share of the input that the detection covers, 0 to 1. */
  readonly area: number;
}

const areaOf = ([left, top, right, bottom]: Box): number => Math.max(0, right - left) * Math.max(0, bottom - top);

/** Intersection over union. */
const overlap = (one: Box, other: Box): number => {
  const common = areaOf([
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
    Math.min(one[2], other[2]),
    Math.min(one[3], other[3]),
  ]);
  return common / Math.max(1, areaOf(one) + areaOf(other) - common);
};

const samePlace = 0.4;

/** The best detection of every label. */
const bestOfEach = (output: Float32Array): Detection[] => {
  const best = new Map<string, Detection>();
  for (let offset = 0; offset + detectionSize <= output.length; offset += detectionSize) {
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0, index = -1] = output.subarray(
      offset,
      offset + detectionSize,
    );
    const label = cocoLabels[index];
    if (label === undefined || score <= (best.get(label)?.score ?? 0)) continue;
    best.set(label, { label, score, box: [left, top, right, bottom] });
  }
  return [...best.values()];
};

/** Reads the network's `detections` (rows of left, top, right, bottom, score, class) as the evidence for each label. */
export const readEvidence = (output: Float32Array): Evidence[] => {
  const detections = bestOfEach(output);
  return detections.map(({ label, score, box }) => ({
    label,
    score,
    rival: Math.max(
      0,
      ...detections
        .filter((other) => other.label !== label && overlap(box, other.box) > samePlace)
        .map((other) => other.score),
    ),
    area: Math.min(1, areaOf(box) / inputEdge ** 2),
  }));
};
