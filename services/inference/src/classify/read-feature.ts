import type { InferenceDatatype, InferenceFeature } from '@vindima/contracts';
import { datatypes, type Element, readElement } from '../tensors/datatypes.ts';
import { missingText } from '../tensors/missing-text.ts';

/** What a row may have beside the answer: a category that the model ignores, for example. */
export type Warn = (warning: string) => void;

/** Reads the value of one feature; `undefined` stands for no such field. */
export type FeatureReader = (value: unknown, warn?: Warn) => Element | Error;

const noCategory = 'is none of the categories that the model knows';

/**
 * Makes the reader of a feature. Absent and `null` are missing values where the model knows what to do with one; the empty text is a text.
 * Another category than those of the training is refused where the model's encoder refuses it, and warned of where that ignores it.
 */
export const createFeatureReader = (feature: InferenceFeature, datatype: InferenceDatatype): FeatureReader => {
  const { name, missing, categories, unknown } = feature;
  const { kind } = datatypes[datatype];
  const known = categories === undefined ? undefined : new Set<unknown>(categories);
  const standIn = kind === 'text' ? missingText : kind === 'float' ? Number.NaN : undefined;
  const compare = (key: unknown, element: Element, warn: Warn | undefined): Element | Error => {
    if (known === undefined || known.has(key)) return element;
    if (unknown === 'error') return new Error(noCategory);
    warn?.(`${name} ${noCategory}`);
    return element;
  };
  return (value, warn) => {
    const isNumberless = typeof value === 'number' && Number.isNaN(value);
    if (value === undefined || value === null || (isNumberless && missing !== undefined)) {
      if (missing === true && standIn !== undefined) return compare(null, standIn, warn);
      if (value === undefined) return new Error('is required');
    }
    if (isNumberless && missing === false) return new Error('must be a number');
    const element = readElement(datatype, value);
    return element instanceof Error || known === undefined
      ? element
      : compare(kind === 'text' ? element : Number(element), element, warn);
  };
};
