import type { InferenceDatatype } from '@vindima/contracts';
import { allocate, type Element, readElement, setElement } from './datatypes.ts';
import { countElements, type Tensor } from './tensor.ts';

/** Levels of nesting that are looked through: more than a tensor has. */
const maximumDepth = 32;

/** @returns the sizes of nested arrays, judged by the first element of each level. */
export const sizesOf = (value: unknown): number[] => {
  const sizes: number[] = [];
  for (let level = value; Array.isArray(level) && sizes.length < maximumDepth; level = level[0])
    sizes.push(level.length);
  return sizes;
};

/**
 * Reads a tensor out of JSON: elements in row-major order, flat or nested as its shape is (or anything in between).
 *
 * @param read one element by its place; by its type unless told
 * @returns the tensor, or a message (as an Error) that says what is wrong
 */
export const readTensor = (
  datatype: InferenceDatatype,
  dims: readonly number[],
  value: unknown,
  read: (value: unknown, index: number) => Element | Error = (element) => readElement(datatype, element),
): Tensor | Error => {
  const elements: unknown[] = Array.isArray(value) ? flat(value) : [value];
  const count = countElements(dims);
  // Before memory is allocated: a shape is a few characters that may ask for any amount of it.
  if (elements.length !== count) {
    return new Error(`has ${elements.length} elements, its shape [${dims.join(', ')}] ${count}`);
  }
  const data = allocate(datatype, count);
  for (let index = 0; index < count; index++) {
    const element = read(elements[index], index);
    if (element instanceof Error) return new Error(`element ${index} ${element.message}`);
    setElement(data, index, element);
  }
  return { datatype, dims, data };
};

const flat = (value: unknown[]) => (value.some(Array.isArray) ? value.flat(maximumDepth) : value);
