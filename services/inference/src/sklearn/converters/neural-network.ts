import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readMatrix, requireArray } from '../numpy/read-array.ts';
import { asLabels, bothProbabilities, byLargest, byThreshold, isMultilabel, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';

function activate(name: string, value: string, { graph, math }: Context): string {
  switch (name) {
    case 'identity':
      return value;
    case 'logistic':
      return math.sigmoid(value);
    case 'tanh':
      return math.tanh(value);
    case 'relu':
      return graph.node('Relu', [value]);
    case 'softmax':
      return math.softmax(value);
    default:
      throw unsupportedPickle(`holds a network with the activation "${name.slice(0, 20)}", which is not supported`);
  }
}

const maxLayers = 200;

/** The layers of a multi-layer perceptron; the last one's activation is `out_activation_`. */
function forward(estimator: Estimator, columns: readonly Column[], context: Context): { value: string; count: number } {
  const { math } = context;
  const layers = estimator.list('coefs_');
  if (layers.length > maxLayers) throw pickleLimitExceeded('layers', maxLayers);
  const weights = layers.map((layer) => readMatrix(requireArray(layer, 'coefs_')));
  const biases = estimator.list('intercepts_').map((layer) => readMatrix(requireArray(layer, 'intercepts_')).values);
  let value = asNumbers(columns, context);
  let width = columns.length;
  weights.forEach(({ shape, values }, layer) => {
    const [rows, count] = shape;
    const bias = biases[layer];
    if (layer === 0) expectWidth(estimator.name, rows, columns);
    if (rows !== width || count === undefined || bias?.length !== count) {
      throw unsupportedPickle(`holds a ${estimator.name} whose layers do not fit`);
    }
    value = math.add(math.matMul(value, math.constant(values, [rows, count])), math.row(bias));
    const last = layer === weights.length - 1;
    value = activate(last ? estimator.text('out_activation_') : estimator.text('activation'), value, context);
    width = count;
  });
  return { value, count: width };
}

export const multilayerClassifier: Predictor = (estimator, columns, context) => {
  const { value, count } = forward(estimator, columns, context);
  const output = estimator.text('out_activation_');
  if (isMultilabel(estimator)) return asLabels(value, count, 0.5, context);
  const classes = readClasses(estimator);
  if (classes.length === 2 && count === 1 && output === 'logistic') {
    return byThreshold(classes, value, 0.5, bothProbabilities(value, context), context);
  }
  if (count !== classes.length || output !== 'softmax') {
    throw unsupportedPickle('holds an MLPClassifier for several labels at once, which is not supported');
  }
  return byLargest(classes, value, value, context);
};

export const multilayerRegressor: Predictor = (estimator, columns, context) => {
  const { value, count } = forward(estimator, columns, context);
  return { task: 'regression', value, targets: count };
};
