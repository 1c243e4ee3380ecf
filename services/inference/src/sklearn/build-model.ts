import { attribute, createGraphBuilder, encodeModel, type GraphBuilder, tensor } from '@vindima/onnx';
import type { ClassLabel, Column, Context, Prediction } from './converters/context.ts';
import { createInputNotes, type InputNote, type InputNotes } from './converters/input-notes.ts';
import { createMath } from './converters/math.ts';
import { predictors, transformers } from './converters/registry.ts';
import { pickleLimitExceeded, unsupportedPickle } from './errors.ts';
import { type Estimator, readEstimator } from './estimator.ts';
import { countFeatures, readFeatureNames } from './feature-count.ts';
import type { PickleLimits } from './limits.ts';
import type { Value } from './pickle/values.ts';

/** Versions of the operators that converted models use. */
export const opsets = { '': 21, 'ai.onnx.ml': 3 } as const;

export interface Feature {
  readonly name: string;
  readonly type: 'number' | 'text';
  /** The input of the ONNX model that takes it: `features`, as one of its columns, or one of its own. */
  readonly input: string;
}

export interface Signature {
  readonly task: 'classification' | 'regression';
  /** Columns in the order in which the model wants them. */
  readonly features: readonly Feature[];
  /** What the model does with each of them. */
  readonly notes: readonly InputNote[];
  /** Whether the names come from the pickle; else they are `feature_0`, `feature_1`, ... */
  readonly named: boolean;
  /** The labels that the model can answer with; null for regression. */
  readonly classes: readonly ClassLabel[] | null;
  readonly hasProbabilities: boolean;
  readonly targets: number;
}

const maxNesting = 20;

/**
 * Converts a fitted estimator to an ONNX model. All numbers are float64.
 *
 * Inputs: `features`, [rows, columns]; or, where some columns are texts, one input per column with its name (and an
 * underscore, should an output be called that), [rows, 1].
 * Outputs of a classifier: `label` [rows], string or int64, and `probabilities` [rows, classes] where the estimator has
 * them; of a regressor: `value` [rows, targets].
 */
export function buildModel(
  estimator: Estimator,
  limits: PickleLimits,
  metadata: Readonly<Record<string, string>>,
): { onnx: Uint8Array; signature: Signature } {
  const count = countFeatures(estimator);
  if (count === undefined || !Number.isSafeInteger(count) || count < 1) {
    throw unsupportedPickle(`holds a ${estimator.name} that does not say how many columns it has; was it fitted?`);
  }
  if (count > limits.maxColumns) throw pickleLimitExceeded('columns', limits.maxColumns);
  // Which columns are texts shows when something looks categories up in them, so there may be a second attempt.
  const first = attempt(estimator, count, null, limits);
  const { texts, nones } = first.notes;
  const { graph, prediction, features, named, notes } =
    texts.size === 0 && nones.size === 0 ? first : attempt(estimator, count, first.notes, limits);
  writeOutputs(graph, prediction);
  const classes = prediction.task === 'classification' ? prediction.classes : null;
  const signature: Signature = {
    task: prediction.task,
    features,
    notes: features.map((_, index) => notes.of(index)),
    named,
    classes,
    hasProbabilities: prediction.task === 'classification' && prediction.probabilities !== null,
    targets: prediction.task === 'classification' ? 1 : prediction.targets,
  };
  return { onnx: encodeModel({ graph: graph.build(), opsets, metadata }), signature };
}

/** @param known what an attempt before has learned of the columns */
function attempt(estimator: Estimator, count: number, known: InputNotes | null, limits: PickleLimits) {
  const texts = known?.texts ?? new Set();
  const graph = createGraphBuilder('scikit-learn');
  const found = readFeatureNames(estimator);
  const names = found?.length === count && areUsable(found) ? found : null;
  const features: Feature[] = Array.from({ length: count }, (_, index) => {
    const name = names?.[index] ?? `feature_${index}`;
    const own = outputNames.has(name) ? `${name}_` : name;
    return { name, type: texts.has(index) ? 'text' : 'number', input: texts.size === 0 ? 'features' : own };
  });
  const notes = createInputNotes();
  for (const raw of known?.nones ?? []) notes.keepNone(raw);
  let nesting = 0;
  let estimators = 0;
  let treeNodes = 0;
  const within = <T>(work: () => T): T => {
    if (nesting >= maxNesting) throw pickleLimitExceeded('estimators within estimators', maxNesting);
    estimators += 1;
    if (estimators > limits.maxEstimators) throw pickleLimitExceeded('estimators', limits.maxEstimators);
    nesting += 1;
    const result = work();
    nesting -= 1;
    return result;
  };
  const context: Context = {
    graph,
    math: createMath(graph),
    limits,
    names,
    notes,
    countTreeNodes(count) {
      treeNodes += count;
      if (treeNodes > limits.maxTreeNodes) throw pickleLimitExceeded('nodes of trees', limits.maxTreeNodes);
    },
    transform: (value, columns) => within(() => transform(value, columns, context)),
    predict: (value, columns) => within(() => predict(value, columns, context)),
  };
  const isUsed = (raw: number) => known?.of(raw).used !== false;
  const columns = texts.size === 0 ? oneInput(graph, count) : inputPerColumn(graph, features, isUsed);
  const prediction = context.predict(estimator.object, columns);
  return { graph, prediction, features, named: names !== null, notes };
}

const outputNames: ReadonlySet<string> = new Set(['label', 'probabilities', 'value']);

/** Names of columns are used where each is there once, and is one. */
function areUsable(names: readonly string[]): boolean {
  return new Set(names).size === names.length && names.every((name) => name !== '' && name.length <= 200);
}

function oneInput(graph: GraphBuilder, count: number): Column[] {
  const from = graph.input('features', 'float64', ['rows', count]);
  return Array.from({ length: count }, (_, at) => ({ from, at, of: count, kind: 'number', raw: at }));
}

/** What nothing reads is no input: it may be of any type. */
function inputPerColumn(graph: GraphBuilder, features: readonly Feature[], isUsed: (raw: number) => boolean): Column[] {
  return features.map(({ input, type }, raw) => {
    const from = !isUsed(raw) ? '' : graph.input(input, type === 'text' ? 'string' : 'float64', ['rows', 1]);
    return { from, at: 0, of: 1, kind: type, raw };
  });
}

function predict(value: Value | undefined, columns: readonly Column[], context: Context): Prediction {
  const estimator = readEstimator(value);
  const convert = predictors.get(estimator.name);
  if (convert !== undefined) return convert(estimator, columns, context);
  throw unsupportedPickle(`holds a ${estimator.name} alone, which prepares data and predicts nothing`, {
    class: estimator.className,
  });
}

function transform(value: Value | undefined, columns: readonly Column[], context: Context): Column[] {
  const estimator = readEstimator(value);
  const convert = transformers.get(estimator.name);
  if (convert !== undefined) return convert(estimator, columns, context);
  throw unsupportedPickle(`holds a ${estimator.name} as a step before the last, which is not supported`, {
    class: estimator.className,
  });
}

function writeOutputs(graph: GraphBuilder, prediction: Prediction): void {
  if (prediction.task === 'regression') {
    graph.output(graph.rename(prediction.value, 'value'), 'float64', ['rows', prediction.targets]);
    return;
  }
  const { classes, index, probabilities } = prediction;
  const integers = classes.filter((label) => typeof label === 'number');
  const table =
    integers.length === classes.length ? tensor.int64(integers) : tensor.string(classes.map((label) => String(label)));
  const label = graph.node('Gather', [graph.initializer(table, 'classes'), index], { axis: attribute.int(0) });
  graph.output(graph.rename(label, 'label'), table.type, ['rows']);
  if (probabilities !== null) {
    graph.output(graph.rename(probabilities, 'probabilities'), 'float64', ['rows', classes.length]);
  }
}
