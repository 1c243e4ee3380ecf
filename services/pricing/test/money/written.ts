import { digitConverter, longestConversion } from '../../src/money/convert-to-digits.ts';
import type { Case } from './cases.ts';

/** @returns what the conversion to digits writes; undefined for what it leaves to big integers */
export const written = ({ amount, base, quote, currency }: Case) => {
  const into = Buffer.alloc(longestConversion + 3, '?');
  const end = digitConverter(base, quote, currency, Buffer.from('/'))(amount, into, 2);
  if (end === -1) return undefined;
  const [before, rounded, unrounded, behind] = [
    into.toString('latin1', 0, 2),
    ...into.toString('latin1', 2, end).split('/'),
    into.toString('latin1', end),
  ];
  if (before !== '??' || behind?.replaceAll('?', '') !== '') throw new Error('it wrote beside its place');
  return { amount: rounded, unrounded };
};
