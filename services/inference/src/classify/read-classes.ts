import { type InferenceSignature, ServiceError } from '@vindima/contracts';
import type { RowRange } from '../tensors/rows.ts';
import { countElements, type Tensor } from '../tensors/tensor.ts';

/** What a model says of one row. */
export interface RowClass {
  readonly class: string;
  /** By class; the ten likeliest where there are more than a hundred; null where the model has no scores. */
  readonly probabilities: Readonly<Record<string, number>> | null;
}

const shownWhenMany = 10;
const many = 100;

/** Whether a model's outputs can be read as classes. */
export const isClassifier = ({ kind, label_output, score_output }: InferenceSignature): boolean =>
  kind !== 'multilabel' && (label_output !== null || score_output !== null);

/**
 * Reads the classes out of a run's outputs: what the label output says, else the class with the highest score. Scores that are
 * not probabilities become ones by softmax.
 *
 * @throws ServiceError 422 `inference.not_a_classifier`, `inference.not_a_number`
 */
export const readClasses = (signature: InferenceSignature, { tensors, start, rows }: RowRange): RowClass[] => {
  if (!isClassifier(signature)) {
    throw notAClassifier(signature);
  }
  const labels = signature.label_output === null ? undefined : tensors[signature.label_output];
  const scores = signature.score_output === null ? undefined : tensors[signature.score_output];
  return Array.from({ length: rows }, (_, index) => {
    const row = start + index;
    const probabilities = scores === undefined ? undefined : probabilitiesOf(signature, scores, row);
    const named = labels === undefined ? undefined : displayName(signature, String(labels.data[row]));
    const best = probabilities === undefined ? 0 : indexOfGreatest(probabilities);
    return {
      class: named ?? signature.labels?.[best] ?? String(best),
      probabilities: probabilities === undefined ? null : byClass(signature.labels ?? [], probabilities),
    };
  });
};

const notAClassifier = ({ kind }: InferenceSignature) => {
  const why =
    kind === 'multilabel'
      ? 'This model tells several labels at once, and no class'
      : kind === 'regression'
        ? 'This model is a regressor and tells values, no class'
        : 'Nothing says that the numbers of this model are scores of classes (`metadata.outputs.kind` can)';
  return new ServiceError(
    422,
    'inference.not_a_classifier',
    `${why}: ask POST /models/{name}/predict or for its tensors (/v2).`,
  );
};

const displayName = ({ labels, label_values }: InferenceSignature, value: string): string =>
  labels?.[label_values?.indexOf(value) ?? -1] ?? value;

const probabilitiesOf = ({ scores: kind }: InferenceSignature, { data, dims }: Tensor, row: number): Float64Array => {
  const width = countElements(dims.slice(1));
  const values = new Float64Array(width);
  for (let index = 0; index < width; index++) {
    const value = Number(data[row * width + index]);
    if (Number.isNaN(value)) {
      throw new ServiceError(
        422,
        'inference.not_a_number',
        'The model has no answer for this row: a score is not a number.',
      );
    }
    values[index] = value;
  }
  if (width === 1) return bothOf(kind === 'logits' ? 1 / (1 + Math.exp(-(values[0] ?? 0))) : (values[0] ?? 0));
  return kind === 'logits' ? softmax(values) : values;
};

/** One chance is that of the second of two classes. */
const bothOf = (second: number) => Float64Array.of(1 - second, second);

/** exp(x - max) / sum: the shift changes nothing but keeps the numbers small. */
const softmax = (values: Float64Array): Float64Array => {
  const greatest = values[indexOfGreatest(values)] ?? 0;
  const powers = values.map((value) => Math.exp(value - greatest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};

const indexOfGreatest = (values: Float64Array): number => {
  let best = 0;
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
};

const byClass = (labels: readonly string[], values: Float64Array): Record<string, number> => {
  const result: Record<string, number> = {};
  const order = values.length > many ? likeliest(values) : values.keys();
  for (const index of order) result[labels[index] ?? String(index)] = values[index] ?? 0;
  return result;
};

const likeliest = (values: Float64Array): number[] =>
  Array.from(values.keys())
    .sort((left, right) => (values[right] ?? 0) - (values[left] ?? 0))
    .slice(0, shownWhenMany);
