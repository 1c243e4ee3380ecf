import type { ClassifierDescription } from './description.ts';

const softmax = (values: Float32Array): Float64Array => {
  const largest = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(values, (value) => Math.exp(value - largest));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((power) => power / sum);
};

/** Turns a model's output into probabilities, 0 to 1, one per class. */
export const toProbabilities = (
  output: Float32Array,
  { output: described }: Pick<ClassifierDescription, 'output'>,
): Float64Array => {
  const activation = described?.activation ?? 'none';
  if (activation === 'softmax') return softmax(output);
  return Float64Array.from(output, activation === 'sigmoid' ? (value) => 1 / (1 + Math.exp(-value)) : (value) => value);
};

/** Of a picture that shows one of several classes: they exclude each other, except those of a sigmoid, which stand each for itself. */
export const probabilityOfAny = (
  probabilities: Float64Array,
  classes: readonly number[],
  { output: described }: Pick<ClassifierDescription, 'output'>,
): number => {
  const values = classes.map((index) => probabilities[index] ?? 0);
  if (described?.activation === 'sigmoid') return Math.max(0, ...values);
  return Math.min(
    1,
    values.reduce((sum, value) => sum + value, 0),
  );
};

/** Scales the logit of a probability (Platt). */
export const calibrate = (probability: number, calibration: ClassifierDescription['calibration']): number => {
  if (calibration === undefined) return probability;
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  const { slope, intercept } = calibration;
  return 1 / (1 + Math.exp(-(slope * Math.log(bounded / (1 - bounded)) + intercept)));
};
