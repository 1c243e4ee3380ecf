import type { InferenceSignature, InferenceTensor } from '@vindima/contracts';
import { createFeatureReader, type FeatureReader, type Warn } from '../classify/read-feature.ts';
import type { Element } from '../tensors/datatypes.ts';

/** Reads one element of a tensor by its place. */
export type ElementReader = (value: unknown, index: number) => Element | Error;

/**
 * Makes the reader of an input's elements where the model's converter knows more of its columns than their type: what is missing, which
 * categories there are. Undefined where it does not.
 */
export const elementReader = (
  { features, inputs }: InferenceSignature,
  input: InferenceTensor,
  warn: Warn,
): ElementReader | undefined => {
  if (
    features === null ||
    features.every(({ missing, categories }) => missing === undefined && categories === undefined)
  ) {
    return undefined;
  }
  const isMatrix = inputs.length === 1 && input.shape.length === 2 && input.shape[1] === features.length;
  const used = isMatrix ? features : features.filter((feature) => feature.used !== false);
  const own = isMatrix ? used : used.slice(inputs.indexOf(input), inputs.indexOf(input) + 1);
  const readers = own.map((feature): FeatureReader => {
    // In a matrix, what nothing reads has a place all the same, and may have anything in it.
    if (feature.used === false) return (value) => (typeof value === 'number' ? value : 0);
    return createFeatureReader(feature, input.datatype);
  });
  if (readers.length === 0) return undefined;
  return (value, index) => readers[index % readers.length]?.(value ?? null, warn) ?? new Error('is not known');
};
