import type { InferenceSignature } from '@vindima/contracts';
import type { TriedModel } from '../trial/messages.ts';

/** The fields of `POST /model/classify/` and its classes, as existing clients know them. */
const fields = ['SepalLengthCm', 'SepalWidthCm', 'PetalLengthCm', 'PetalWidthCm'];
const classes = ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'];

/**
 * `POST /model/load/` has always taken iris models: one that takes four numbers without names, or under names that mean the same, gets
 * the names of the contract; one that tells three classes by number or by species their names. The numbers are those of the classes in the
 * order of the alphabet, as scikit-learn gives them.
 */
export const nameAsIris = (tried: TriedModel): TriedModel => {
  const { signature } = tried;
  return { ...tried, signature: { ...signature, ...namedFeatures(signature), ...namedClasses(signature) } };
};

const namedFeatures = ({ features, inputs }: InferenceSignature): Partial<InferenceSignature> => {
  const areIris =
    inputs.length === 1 &&
    features?.length === fields.length &&
    features.every(({ name, type }, index) => type === 'number' && meansField(name, index));
  return areIris ? { features: fields.map((name) => ({ name, type: 'number' })) } : {};
};

/** Nameless, or spelled otherwise: scikit-learn's own copy of the data says `sepal length (cm)`. */
const meansField = (name: string, index: number) =>
  name === `feature_${index}` || plain(name) === plain(fields[index] ?? '');

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');

const namedClasses = ({ labels, features }: InferenceSignature): Partial<InferenceSignature> =>
  features?.length === fields.length && ['0,1,2', 'setosa,versicolor,virginica'].includes(labels?.join() ?? '')
    ? { labels: classes }
    : {};
