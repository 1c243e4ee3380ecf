import type { Evidence } from './read-evidence.ts';

/** Weights of a logistic regression on the evidence. */
export interface Calibration {
  readonly intercept: number;
  readonly score: number;
  readonly rival: number;
  readonly again: number;
  readonly area: number;
}

/**
 * Fitted by scripts/calibrate.ts, which prints them, the precision of every band of confidence and the share of subjects found
 * (the table is in the README).
 */
export const centerNetCalibration: Calibration = {
  intercept: 2.663,
  score: 2.96,
  rival: -0.629,
  again: 0.317,
  area: 0.244,
};

const logit = (probability: number): number => {
  const bounded = Math.min(0.999, Math.max(0.03, probability));
  return Math.log(bounded / (1 - bounded));
};

/** What the regression sees, with the intercept's 1 first. */
export const featuresOf = ({
  score,
  rival,
  again,
  area,
}: Evidence): readonly [number, number, number, number, number] => [
  1,
  logit(score),
  logit(rival),
  logit(again),
  Math.log(Math.max(1e-5, area)),
];

/** The probability that the label is right, 0 to 1 (Platt's scaling, with three more features than the score). */
export const probabilityOf = (evidence: Evidence, calibration: Calibration): number => {
  const [one, score, rival, again, area] = featuresOf(evidence);
  const sum =
    one * calibration.intercept +
    score * calibration.score +
    rival * calibration.rival +
    again * calibration.again +
    area * calibration.area;
  return 1 / (1 + Math.exp(-sum));
};
