import type { InferenceDatatype } from '@vindima/contracts';
import { allocate, readElement, setElement } from './datatypes.ts';
import { countElements, type Tensor } from './tensor.ts';

/** @returns the sizes of nested arrays, judged by the first element of each level. */
export const sizesOf = (value: unknown): number[] => {
  const sizes: number[] = [];
  for (let level = value; Array.isArray(level) && sizes.length < 32; level = level[0]) sizes.push(level.length);
  return sizes;
};

/**
 * Reads a tensor out of JSON: elements in row-major order, flat or nested as its shape is (or anything in between).
 *
 * @returns the tensor, or a message (as an Error) that says what is wrong
 */
export const readTensor = (datatype: InferenceDatatype, dims: readonly number[], value: unknown): Tensor | Error => {
  const count = countElements(dims);
  const data = allocate(datatype, count);
  let index = 0;
  let problem: Error | undefined;
  const visit = (part: unknown, depth: number): void => {
    if (problem !== undefined) return;
    if (Array.isArray(part)) {
      if (depth > 32) problem = new Error('is nested too deep');
      else for (const element of part) visit(element, depth + 1);
      return;
    }
    if (index >= count) {
      problem = new Error(`has more than the ${count} elements of its shape [${dims.join(', ')}]`);
      return;
    }
    const element = readElement(datatype, part);
    if (element instanceof Error) problem = new Error(`element ${index} ${element.message}`);
    else setElement(data, index++, element);
  };
  visit(value, 0);
  if (problem !== undefined) return problem;
  if (index < count) return new Error(`has ${index} elements, its shape [${dims.join(', ')}] ${count}`);
  return { datatype, dims, data };
};
