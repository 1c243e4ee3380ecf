import { type InferenceSignature, ServiceError } from '@vindima/contracts';
import type { RowRange } from '../tensors/rows.ts';
import { elementsPerRow, type Tensor } from '../tensors/tensor.ts';
import { isClassifier, type RowClass, readClasses } from './read-classes.ts';

/** What any model says of a row: a class, a value, or several of either. */
export type Prediction = string | number | null | readonly (string | number | null)[];

export interface RowPrediction {
  readonly prediction: Prediction;
  readonly probabilities: RowClass['probabilities'];
}

/** A label is there where its chance is at least that. */
const threshold = 0.5;

/**
 * Reads what a run says of each row, whatever kind of model it was: the class of a classifier, the values of a regressor, 1 for each
 * label that is there and 0 for the others.
 *
 * @throws ServiceError 422 `inference.no_rows_of_answers`
 */
export const readPredictions = (signature: InferenceSignature, range: RowRange): RowPrediction[] => {
  if (signature.batching === 'none') {
    throw new ServiceError(
      422,
      'inference.no_rows_of_answers',
      'The answers of this model are no rows: ask for its tensors (/v2).',
    );
  }
  if (isClassifier(signature)) return readChosen(signature, range);
  return Array.from({ length: range.rows }, (_, index) =>
    signature.kind === 'multilabel'
      ? readLabels(signature, range, range.start + index)
      : { prediction: unwrap(valuesOf(valueTensor(signature, range), range.start + index)), probabilities: null },
  );
};

const readChosen = (signature: InferenceSignature, range: RowRange): RowPrediction[] => {
  const areNumbers = signature.outputs.some(
    ({ name, datatype }) => name === signature.label_output && datatype.startsWith('INT'),
  );
  // Labels that somebody gave to numbers are what is meant.
  const isNumber = areNumbers && signature.labels?.join() === signature.label_values?.join();
  return readClasses(signature, range).map(({ class: name, probabilities }) => ({
    prediction: isNumber && Number.isSafeInteger(Number(name)) ? Number(name) : name,
    probabilities,
  }));
};

const readLabels = (signature: InferenceSignature, { tensors }: RowRange, row: number): RowPrediction => {
  const scores = signature.score_output === null ? undefined : tensors[signature.score_output];
  const chosen = signature.value_output == null ? undefined : tensors[signature.value_output];
  const shares = scores === undefined ? [] : valuesOf(scores, row).map(Number);
  return {
    prediction: chosen === undefined ? shares.map((share) => (share >= threshold ? 1 : 0)) : valuesOf(chosen, row),
    probabilities:
      scores === undefined
        ? null
        : Object.fromEntries(shares.map((share, index) => [signature.labels?.[index] ?? String(index), share])),
  };
};

const valueTensor = ({ value_output, outputs }: InferenceSignature, { tensors }: RowRange): Tensor => {
  const tensor = tensors[value_output ?? outputs[0]?.name ?? ''];
  if (tensor === undefined) throw new Error('the model gave no answer');
  return tensor;
};

const valuesOf = ({ data, dims, datatype }: Tensor, row: number): (string | number | null)[] => {
  const width = elementsPerRow(dims);
  return Array.from({ length: width }, (_, index) => {
    const value = data[row * width + index];
    if (typeof value === 'string') return value;
    const number = Number(value);
    // JSON knows neither infinity nor what is no number; digits beyond 2^53 stay in a text.
    if (datatype.endsWith('INT64') && !Number.isSafeInteger(number)) return String(value);
    return Number.isFinite(number) ? number : null;
  });
};

const unwrap = (values: readonly (string | number | null)[]): Prediction =>
  values.length === 1 ? (values[0] ?? null) : values;
