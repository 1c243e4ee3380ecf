import { detectionCount, detectionSize } from './build-model.ts';
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
  /** The best score of a further detection of the same label on much the same place, 0 where there is none. */
  readonly again: number;
  /** How large the detection is, as a share of 512 x 512 pixels: the size of the scenes that the network learned from. */
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

/** Below this the network's score is noise, and is not calibrated. */
const lowestScore = 0.1;
const sceneArea = 512 ** 2;

const readDetections = (output: Float32Array): Detection[] => {
  const detections: Detection[] = [];
  for (let offset = 0; offset + detectionSize <= output.length; offset += detectionSize) {
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0, index = -1] = output.subarray(
      offset,
      offset + detectionSize,
    );
    const label = cocoLabels[index];
    if (label !== undefined) detections.push({ label, score, box: [left, top, right, bottom] });
  }
  return detections;
};

/** The best detection of every label. */
const bestOfEach = (detections: readonly Detection[]): Detection[] => {
  const best = new Map<string, Detection>();
  for (const detection of detections) {
    if (detection.score > (best.get(detection.label)?.score ?? 0)) best.set(detection.label, detection);
  }
  return [...best.values()];
};

const bestScore = (detections: readonly Detection[]): number => Math.max(0, ...detections.map(({ score }) => score));

/**
 * Reads the network's `detections` (rows of left, top, right, bottom, score, class) as the evidence for each label that is more than noise.
 * @throws Error when they have another shape
 */
export const readEvidence = (output: Float32Array): Evidence[] => {
  if (output.length !== detectionCount * detectionSize) throw new Error('The model answers in another shape.');
  const detections = readDetections(output);
  return bestOfEach(detections)
    .filter(({ score }) => score >= lowestScore)
    .map((best) => {
      const { label, score, box } = best;
      const beside = detections.filter((other) => other !== best && overlap(box, other.box) > samePlace);
      return {
        label,
        score,
        rival: bestScore(beside.filter((other) => other.label !== label)),
        again: bestScore(beside.filter((other) => other.label === label)),
        area: Math.min(1, areaOf(box) / sceneArea),
      };
    });
};
