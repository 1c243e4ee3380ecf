/** One observation: features (the first is 1) and whether the outcome was true. */
export interface Observation {
  readonly features: readonly number[];
  readonly outcome: boolean;
}

const dot = (one: readonly number[], other: readonly number[]) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

export const logistic = (weights: readonly number[], features: readonly number[]): number =>
  1 / (1 + Math.exp(-dot(weights, features)));

/** Gaussian elimination with partial pivoting; the matrix is small and positive definite. */
const solve = (matrix: number[][], right: number[]): number[] => {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const rest = rows.slice(column).toSorted((one, other) => Math.abs(other[column] ?? 0) - Math.abs(one[column] ?? 0));
    rows.splice(column, rest.length, ...rest);
    const pivot = rows[column] ?? [];
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let cell = column; cell <= size; cell++) row[cell] = (row[cell] ?? 0) - factor * (pivot[cell] ?? 0);
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
};

/** Newton's method with a small ridge (10^-2), which converges in a few steps. @returns the weights */
export const fitLogisticRegression = (observations: readonly Observation[]): number[] => {
  const size = observations[0]?.features.length ?? 0;
  const ridge: number = 1e-2;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < 50; step++) {
    const gradient = weights.map((weight) => ridge * weight);
    const hessian = weights.map((_, row) => weights.map((_, column) => (row === column ? ridge : 0)));
    for (const { features, outcome } of observations) {
      const probability = logistic(weights, features);
      for (const [row, value] of features.entries()) {
        gradient[row] = (gradient[row] ?? 0) + (probability - (outcome ? 1 : 0)) * value;
        const hessianRow = hessian[row] ?? [];
        for (const [column, other] of features.entries()) {
          hessianRow[column] = (hessianRow[column] ?? 0) + probability * (1 - probability) * value * other;
        }
      }
    }
    const change = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight - (change[index] ?? 0));
  }
  return weights;
};
