import { detectionCount, detectionSize } from './build-model.ts';
import { cocoLabels } from './labels.ts';

/** Where a detection is, in pixels of the input. */
interface Detection {
  readonly label: string;
  /** 0 to 1, as the network gives it: no probability yet. */
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
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

const areaOf = ({ left, top, right, bottom }: Detection): number =>
  Math.max(0, right - left) * Math.max(0, bottom - top);

/** Intersection over union. */
const overlap = (one: Detection, other: Detection): number => {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const common = Math.max(0, width) * Math.max(0, height);
  return common / Math.max(1, areaOf(one) + areaOf(other) - common);
};

const samePlace = 0.4;

/** Below this the network's score is noise, and is not calibrated. */
const lowestScore = 0.1;
const sceneArea = 512 ** 2;

const readDetections = (output: Float32Array): Detection[] => {
  const detections: Detection[] = [];
  for (let offset = 0; offset + detectionSize <= output.length; offset += detectionSize) {
    const at = (column: number) => output[offset + column] ?? Number.NaN;
    const label = cocoLabels[at(5)];
    if (label === undefined) continue;
    detections.push({ label, score: at(4), left: at(0), top: at(1), right: at(2), bottom: at(3) });
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
      const { label, score } = best;
      const beside = detections.filter((other) => other !== best && overlap(best, other) > samePlace);
      return {
        label,
        score,
        rival: bestScore(beside.filter((other) => other.label !== label)),
        again: bestScore(beside.filter((other) => other.label === label)),
        area: Math.min(1, areaOf(best) / sceneArea),
      };
    });
};
