import { missingText } from './missing-text.ts';
import type { Tensor } from './tensor.ts';

/**
 * Elements of a tensor as a JSON array, those from `start` up to `end`. JSON has no infinity and no NaN: they become null,
 * unless they are wanted as they are. So does a missing text. 64-bit integers
 * have all their digits.
 */
export const elementsJson = ({ datatype, data }: Tensor, start = 0, end = data.length, literal = false): string => {
  let text = '';
  for (let index = start; index < end; index++) {
    const value = data[index];
    if (index > start) text += ',';
    if (typeof value === 'string') text += value === missingText ? 'null' : JSON.stringify(value);
    else if (datatype === 'BOOL') text += value === 0 ? 'false' : 'true';
    else if (typeof value === 'number' && !Number.isFinite(value)) text += literal ? String(value) : 'null';
    else text += value;
  }
  return `[${text}]`;
};
