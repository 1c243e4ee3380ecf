/** A row of numbers and the index of its class. */
export interface Sample {
  readonly features: readonly number[];
  readonly label: number;
}

/** Scores are `weights[class] . x + bias[class]`; their softmax is the probability of the class. */
export interface LinearModel {
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

type Matrix = readonly (readonly number[])[];

/**
 * Linear discriminant analysis: each class is a normal distribution around its own mean, with the covariance S that all share.
 * By Bayes' rule the log-probability of class k is, up to a constant, x'S⁻¹m - m'S⁻¹m/2 + ln(share of k), with m the mean of k
 * (Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 4.3). There is nothing random in it.
 */
export const train = (samples: readonly Sample[], classes: number): LinearModel => {
  const groups = Array.from({ length: classes }, (_, label) => samples.filter((sample) => sample.label === label));
  const means = groups.map((group) => meanOf(group.map(({ features }) => features)));
  const width = means[0]?.length ?? 0;
  const covariance = Array.from({ length: width }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const products = samples.map(({ features, label }) => {
        const mean = means[label] ?? [];
        return (at(features, row) - at(mean, row)) * (at(features, column) - at(mean, column));
      });
      return sum(products) / (samples.length - classes);
    }),
  );
  const weights = means.map((mean) => solve(covariance, mean));
  const bias = means.map((mean, label) => {
    const share = (groups[label]?.length ?? 0) / samples.length;
    return Math.log(share) - dot(mean, weights[label] ?? []) / 2;
  });
  return { weights, bias };
};

/** @returns the share of samples whose class gets the highest score. */
export const accuracy = ({ weights, bias }: LinearModel, samples: readonly Sample[]): number => {
  const right = samples.filter(({ features, label }) => {
    const scores = weights.map((row, index) => dot(row, features) + at(bias, index));
    return scores.indexOf(Math.max(...scores)) === label;
  });
  return right.length / samples.length;
};

/** Solves `matrix . x = right` by Gauss-Jordan elimination; the matrix is positive definite, so no row is exchanged. */
const solve = (matrix: Matrix, right: readonly number[]): number[] => {
  const rows = matrix.map((row, index) => [...row, at(right, index)]);
  for (const [index, pivot] of rows.entries()) {
    const factor = at(pivot, index);
    for (const [place, value] of pivot.entries()) pivot[place] = value / factor;
    for (const [other, row] of rows.entries()) {
      if (other === index) continue;
      const times = at(row, index);
      for (const [place, value] of row.entries()) row[place] = value - times * at(pivot, place);
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
};

const meanOf = (rows: Matrix): number[] => {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, index) => sum(rows.map((row) => at(row, index))) / rows.length);
};

const at = (values: readonly number[], index: number): number => values[index] ?? 0;
const dot = (left: readonly number[], right: readonly number[]) =>
  sum(left.map((value, index) => value * at(right, index)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
