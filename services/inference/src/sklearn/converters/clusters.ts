import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readMatrix, requireArray } from '../numpy/read-array.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { transpose } from './linear.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, place) => place);

/** Minus the squared distances to some points, without what is the same for all of them: [rows, points]. */
function nearness(estimator: Estimator, name: string, columns: readonly Column[], context: Context) {
  const { math } = context;
  const { shape, values } = estimator.matrix(name);
  const [count = 0, width = 0] = shape;
  expectWidth(estimator.name, width, columns);
  const each = math.unsqueeze(asNumbers(columns, context), 1);
  const gaps = math.subtract(each, math.constant(values, [1, count, width]));
  return { value: math.negate(math.sum(math.multiply(gaps, gaps), 2, false)), count };
}

/** The number of the nearest center. */
export const kMeans: Predictor = (estimator, columns, context) => {
  const { value, count } = nearness(estimator, 'cluster_centers_', columns, context);
  return byLargest(numbered(count), value, null, context);
};

export const nearestCentroid: Predictor = (estimator, columns, context) => {
  const metric = estimator.value('metric');
  const isPlain = metric === 'euclidean' && !estimator.has('shrink_threshold');
  const priors = estimator.value('priors');
  if (!isPlain || (priors !== undefined && priors !== 'uniform')) {
    throw unsupportedPickle('holds a NearestCentroid of another distance, which is not supported');
  }
  const { value } = nearness(estimator, 'centroids_', columns, context);
  return byLargest(readClasses(estimator), value, null, context);
};

/** Quadratic discriminant analysis: a turned and scaled space for each class. */
export const quadraticDiscriminant: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const means = estimator.matrix('means_');
  const [, width = 0] = means.shape;
  expectWidth(estimator.name, width, columns);
  const priors = estimator.matrix('priors_').values;
  const rotations = estimator.list('rotations_').map((each) => readMatrix(requireArray(each, 'rotations_')));
  const scalings = estimator.list('scalings_').map((each) => readMatrix(requireArray(each, 'scalings_')).values);
  if (rotations.length !== classes.length || scalings.length !== classes.length || priors.length !== classes.length) {
    throw unsupportedPickle('holds a QuadraticDiscriminantAnalysis whose parts do not fit');
  }
  const rows = asNumbers(columns, context);
  const decisions = rotations.map(({ shape, values }, label) => {
    const scaling = scalings[label] ?? new Float64Array();
    const kept = shape[1] ?? 0;
    const scaled = values.map((value, index) => value / Math.sqrt(scaling[index % kept] ?? 1));
    const centered = math.subtract(rows, math.row(means.values.slice(label * width, (label + 1) * width)));
    const turned = math.matMul(centered, math.constant(scaled, [width, kept]));
    const norm = math.sum(math.multiply(turned, turned), 1);
    const spread = scaling.reduce((sum, value) => sum + Math.log(value), 0);
    return math.add(math.multiply(math.add(norm, spread), -0.5), Math.log(priors[label] ?? 0));
  });
  const scores = math.concat(decisions);
  return byLargest(classes, scores, math.softmax(scores), context);
};

/** Which of some normal distributions a row most likely comes from. */
export const gaussianMixture: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const means = estimator.matrix('means_');
  const [count = 0, width = 0] = means.shape;
  expectWidth(estimator.name, width, columns);
  const weights = estimator.matrix('weights_').values;
  const precisions = estimator.matrix('precisions_cholesky_');
  const kind = estimator.text('covariance_type');
  const rows = asNumbers(columns, context);
  const parts = numbered(count).map((place) => {
    const matrix = choleskyOf(kind, precisions.values, place, width);
    if (matrix === undefined) throw unsupportedPickle(`holds a GaussianMixture of the kind "${kind.slice(0, 20)}"`);
    const centered = math.subtract(rows, math.row(means.values.slice(place * width, (place + 1) * width)));
    const turned = math.matMul(centered, math.constant(matrix, [width, width]));
    const distance = math.sum(math.multiply(turned, turned), 1);
    let determinant = 0;
    for (let axis = 0; axis < width; axis += 1) determinant += Math.log(matrix[axis * width + axis] ?? 1);
    const constant = determinant - 0.5 * width * Math.log(2 * Math.PI) + Math.log(weights[place] ?? 0);
    return math.add(math.multiply(distance, -0.5), constant);
  });
  const scores = math.concat(parts);
  return byLargest(numbered(count), scores, math.softmax(scores), context);
};

const choleskyOf = (kind: string, values: Float64Array, place: number, width: number): Float64Array | undefined => {
  const diagonal = (of: (axis: number) => number) =>
    Float64Array.from({ length: width * width }, (_, index) =>
      index % (width + 1) === 0 ? of(Math.floor(index / (width + 1))) : 0,
    );
  if (kind === 'full') return values.slice(place * width * width, (place + 1) * width * width);
  if (kind === 'tied') return values;
  if (kind === 'diag') return diagonal((axis) => values[place * width + axis] ?? 0);
  return kind === 'spherical' ? diagonal(() => values[place] ?? 0) : undefined;
};

/** x · coefficients of partial least squares, after what the data were brought to. */
export const partialLeastSquares: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const coefficients = estimator.matrix('coef_');
  const mean = estimator.matrix('_x_mean', 'x_mean_').values;
  const [, minor = 0] = (estimator.version ?? '').split('.').map(Number);
  expectWidth(estimator.name, mean.length, columns);
  // Since 1.3 the matrix is turned over and the intercept has the mean of the targets.
  if (minor < 3) throw unsupportedPickle('holds a PLSRegression of before scikit-learn 1.3');
  const [targets = 1, width = 0] = coefficients.shape;
  expectWidth(estimator.name, width, columns);
  const centered = math.subtract(asNumbers(columns, context), math.row(mean));
  const weights = math.constant(transpose(coefficients.values, targets, width), [width, targets]);
  const value = math.add(math.matMul(centered, weights), math.row(estimator.matrix('intercept_').values));
  return { task: 'regression', value, targets };
};
