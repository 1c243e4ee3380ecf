import type { ClassifierDescription } from './description.ts';

const softmax = (values: Float32Array): Float64Array => {
  const largest = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(values, (value) => Math.exp(value - largest));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((power) => power / sum);
};

/** Turns a model's output into calibrated probabilities, 0 to 1, one per class. */
export const toProbabilities = (
  output: Float32Array,
  { output: described, calibration }: Pick<ClassifierDescription, 'output' | 'calibration'>,
): Float64Array => {
  const activation = described?.activation ?? 'none';
  const probabilities =
    activation === 'softmax'
      ? softmax(output)
      : Float64Array.from(output, activation === 'sigmoid' ? (value) => 1 / (1 + Math.exp(-value)) : (value) => value);
  if (calibration === undefined) return probabilities;
  const { slope, intercept } = calibration;
  return probabilities.map((probability) => {
    const bounded = Math.min(1 - 1e-6, Math.max(1e-6, probability));
    return 1 / (1 + Math.exp(-(slope * Math.log(bounded / (1 - bounded)) + intercept)));
  });
};
