import type { InferenceFeature, InferenceModelMetadata, InferenceSignature, InferenceTensor } from '@vindima/contracts';
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
  if (hints.features !== undefined) return renamed(hints.features, given);
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

/** What a converter says of the fields, under the names that whoever uploads it gives them. */
const renamed = (features: readonly InferenceFeature[], given: readonly string[] | undefined): InferenceFeature[] => {
  if (given === undefined) return [...features];
  checkCount('feature_names', given.length, features.length);
  if (new Set(given).size !== given.length)
    throw wrongMetadata('The names of the features must differ from each other.');
  return features.map((feature, index) => ({ ...feature, name: given[index] ?? feature.name }));
};

const kindOf = (datatype: InferenceTensor['datatype']) => (datatype === 'BYTES' ? 'text' : 'number');

export const checkCount = (what: string, given: number, expected: number) => {
  if (given !== expected) throw wrongMetadata(`The model has ${expected} of what ${what} names ${given}.`);
};

export const wrongMetadata = (message: string) => new ServiceError(422, 'inference.wrong_metadata', message);
