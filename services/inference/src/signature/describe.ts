import type { InferenceModelMetadata, InferenceSignature, InferenceTensor } from '@vindima/contracts';
import { ServiceError } from '@vindima/contracts';
import type { ModelHints } from '../registry/importers.ts';

type Features = InferenceSignature['features'];

export interface Described {
  readonly inputs: readonly InferenceTensor[];
  readonly outputs: readonly InferenceTensor[];
}

const maximumFeatures = 10_000;

/**
 * What a row of the model is made of: the columns of its one matrix, or a column for each of its inputs.
 *
 * @returns null when a row is neither (an image, a text of unknown length)
 * @throws ServiceError 422 `inference.wrong_metadata` when the given names are not as many as the columns
 */
export const describeFeatures = (
  { inputs }: Described,
  hints: ModelHints,
  metadata: InferenceModelMetadata,
): Features => {
  const given = metadata.feature_names;
  const [first] = inputs;
  const single = inputs.length === 1 && first !== undefined && first.shape.length === 2 ? first : undefined;
  if (single === undefined) {
    const columns = inputs.every(({ shape }) => shape.length === 1 || (shape.length === 2 && shape[1] === 1));
    if (!columns || inputs.length === 0 || inputs.length > maximumFeatures) return null;
    if (given !== undefined) checkCount('feature_names', given.length, inputs.length);
    return inputs.map(({ name, datatype }, index) => ({ name: given?.[index] ?? name, type: kindOf(datatype) }));
  }
  const width = single.shape[1] ?? -1;
  const named = given ?? hints.featureNames;
  if (given !== undefined && width >= 0) checkCount('feature_names', given.length, width);
  const count = width >= 0 ? width : (named?.length ?? 0);
  if (count === 0 || count > maximumFeatures) return null;
  const names = named?.length === count ? named : Array.from({ length: count }, (_, index) => `feature_${index}`);
  if (new Set(names).size !== count) throw wrongMetadata('The names of the features must differ from each other.');
  return names.map((name) => ({ name, type: kindOf(single.datatype) }));
};

type Classes = Pick<InferenceSignature, 'label_output' | 'score_output' | 'labels' | 'label_values'>;

/**
 * Which outputs name the class and score the classes. `sizes` are the outputs' shapes as a run has shown them.
 *
 * @throws ServiceError 422 `inference.wrong_metadata` when the given labels are not as many as the scores
 */
export const describeClasses = (
  { outputs }: Described,
  sizes: Readonly<Record<string, readonly number[]>>,
  hints: ModelHints,
  metadata: InferenceModelMetadata,
): Classes => {
  const widthOf = ({ name }: InferenceTensor) => sizes[name]?.slice(1) ?? [];
  const isScalar = (output: InferenceTensor) =>
    widthOf(output).every((size) => size === 1) && sizes[output.name]?.length !== 0;
  const isScores = (output: InferenceTensor) => {
    const [width = 0, ...rest] = widthOf(output);
    return width > 1 && rest.every((size) => size === 1);
  };
  const label = outputs.find((output) => /^(BYTES|INT64|INT32)$/.test(output.datatype) && isScalar(output));
  const score = outputs.find((output) => output.datatype.startsWith('FP') && isScores(output));
  const classes = score === undefined ? undefined : widthOf(score)[0];
  if (label === undefined && score === undefined) {
    return { label_output: null, score_output: null, labels: null, label_values: null };
  }
  if (metadata.labels !== undefined && classes !== undefined) checkCount('labels', metadata.labels.length, classes);
  const known = hints.labelValues !== undefined && (classes === undefined || hints.labelValues.length === classes);
  const values = known ? hints.labelValues : indices(classes ?? metadata.labels?.length);
  return {
    label_output: label?.name ?? null,
    score_output: score?.name ?? null,
    labels: metadata.labels ?? (values === undefined ? null : [...values]),
    label_values: values === undefined ? null : [...values],
  };
};

const indices = (count: number | undefined) =>
  count === undefined ? undefined : Array.from({ length: count }, (_, index) => String(index));

const kindOf = (datatype: InferenceTensor['datatype']) => (datatype === 'BYTES' ? 'text' : 'number');

const checkCount = (what: string, given: number, expected: number) => {
  if (given !== expected) throw wrongMetadata(`The model has ${expected} of what ${what} names ${given}.`);
};

const wrongMetadata = (message: string) => new ServiceError(422, 'inference.wrong_metadata', message);
