import type { InferenceModelMetadata, InferenceSignature, InferenceTensor, OutputKind } from '@vindima/contracts';
import type { Model } from '@vindima/onnx';
import { type FinalOperator, finalOperator } from '../graph/final-operator.ts';
import type { ModelHints } from '../registry/importers.ts';
import { countElements, type Tensors } from '../tensors/tensor.ts';
import { checkCount, type Described, wrongMetadata } from './describe-features.ts';

type Outputs = Pick<
  InferenceSignature,
  'kind' | 'value_output' | 'label_output' | 'score_output' | 'labels' | 'label_values' | 'scores'
>;

interface Output extends InferenceTensor {
  /** Numbers for each row; undefined where they are more than a list. */
  readonly width: number | undefined;
  readonly final: FinalOperator;
}

/** So many values are hardly those of a regression. */
const manyScores = 10;

/**
 * What the outputs mean: by the metadata, else by the converter, else by the operators at the end of the graph. Where a classifier does
 * not say whether its scores are probabilities, the runs show it.
 *
 * @param runs answers to rows of small and large numbers
 * @throws ServiceError 422 `inference.wrong_metadata` when the given labels are not as many as the scores
 */
export const describeOutputs = (
  { outputs }: Described,
  { graph }: Model,
  runs: readonly Tensors[],
  hints: ModelHints,
  metadata: InferenceModelMetadata,
): Outputs => {
  const [first = {}] = runs;
  const all = outputs.map((output): Output => {
    const sizes = first[output.name]?.dims.slice(1) ?? [];
    const isList = sizes.slice(1).every((size) => size === 1);
    return { ...output, width: isList ? (sizes[0] ?? 1) : undefined, final: finalOperator(graph, output.name) };
  });
  const wanted = metadata.outputs;
  if (wanted?.name !== undefined && !all.some(({ name }) => name === wanted.name)) {
    throw wrongMetadata(`The model has no output "${wanted.name}".`);
  }
  const named = wanted?.name === undefined ? all : all.filter(({ name }) => name === wanted.name);
  const hasLabels = metadata.labels !== undefined || hints.labelValues !== undefined;
  const label = all.find((output) => isLabel(output, hasLabels));
  const score = named.find((output) => isFloat(output) && output.width !== undefined && output.width > 1);
  const single = named.find((output) => isFloat(output) && output.width === 1);
  const kind =
    wanted?.kind ?? hints.kind ?? kindOf({ label, score, single, runs, hasLabels, named: metadata.labels?.length });
  return complete(kind, { all: named, label, score, single, hints, metadata });
};

interface Parts {
  readonly label: Output | undefined;
  /** Several numbers for each row. */
  readonly score: Output | undefined;
  /** One number for each row. */
  readonly single: Output | undefined;
}

const kindOf = ({
  label,
  score,
  single,
  runs,
  hasLabels,
  named,
}: Parts & { runs: readonly Tensors[]; hasLabels: boolean; named: number | undefined }): OutputKind | null => {
  if (score !== undefined) {
    if (score.final === 'softmax') return 'probabilities';
    if (score.final === 'sigmoid' && label === undefined) return 'multilabel';
    if (score.final === 'value' && label === undefined) return 'regression';
    if (areShares(score.name, runs)) return 'probabilities';
    const areScores =
      label !== undefined || hasLabels || score.final === 'scores' || /logit|score|^l$/i.test(score.name);
    return areScores || (score.width ?? 0) >= manyScores ? 'logits' : null;
  }
  if (single !== undefined && single.final === 'sigmoid' && named !== 1) return 'probabilities';
  if (label !== undefined) return 'labels';
  return single === undefined ? null : 'regression';
};

const complete = (
  kind: OutputKind | null,
  {
    all,
    label,
    score,
    single,
    hints,
    metadata,
  }: Parts & { all: readonly Output[]; hints: ModelHints; metadata: InferenceModelMetadata },
): Outputs => {
  const value = score ?? single ?? all.find(({ width }) => width !== undefined);
  if (kind === null || kind === 'regression') {
    const labels = metadata.labels ?? null;
    return {
      kind,
      value_output: value?.name ?? null,
      label_output: null,
      score_output: null,
      labels,
      label_values: null,
      scores: null,
    };
  }
  const scored = kind === 'labels' ? undefined : (score ?? single);
  const width = scored?.width;
  const classes = kind !== 'multilabel' && width === 1 ? 2 : width;
  if (metadata.labels !== undefined && classes !== undefined) checkCount('labels', metadata.labels.length, classes);
  const isKnown = hints.labelValues !== undefined && (classes === undefined || hints.labelValues.length === classes);
  const values = isKnown ? hints.labelValues : indices(classes ?? metadata.labels?.length);
  return {
    kind,
    value_output: kind === 'multilabel' ? (label?.name ?? null) : null,
    label_output: kind === 'multilabel' ? null : (label?.name ?? null),
    score_output: scored?.name ?? null,
    labels: metadata.labels ?? (values === undefined ? null : [...values]),
    label_values: values === undefined ? null : [...values],
    scores: scored === undefined ? null : kind === 'logits' ? 'logits' : 'probabilities',
  };
};

const isFloat = ({ datatype }: InferenceTensor) => datatype.startsWith('FP');

/** One class for each row: chosen by the graph, or a text, or named by whoever uploads it. */
const isLabel = ({ datatype, width, final }: Output, hasLabels: boolean): boolean =>
  width === 1 && (datatype === 'BYTES' || (/^INT(64|32)$/.test(datatype) && (final === 'label' || hasLabels)));

/** Whether all numbers that were seen are from 0 to 1 and add up to 1, row by row. */
const areShares = (name: string, runs: readonly Tensors[]): boolean =>
  runs.every((answer) => {
    const tensor = answer[name];
    if (tensor === undefined) return false;
    const width = countElements(tensor.dims.slice(1));
    const values = Array.from(tensor.data as ArrayLike<number>);
    for (let start = 0; start < values.length; start += width) {
      const scores = values.slice(start, start + width);
      const sum = scores.reduce((total, score) => total + score, 0);
      if (scores.some((score) => score < -0.001 || score > 1.001) || !(Math.abs(sum - 1) <= 0.02)) return false;
    }
    return true;
  });

const indices = (count: number | undefined) =>
  count === undefined ? undefined : Array.from({ length: count }, (_, index) => String(index));
