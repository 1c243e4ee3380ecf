import { isTelling, type Look, maskOf } from './looks.ts';

/** A row as its cells look. */
export interface LayoutRow {
  readonly cells: readonly string[];
  readonly looks: readonly Look[];
}

/** What speaks for a row being the header of those under it, and what against it. */
export interface Evidence {
  readonly for: number;
  readonly against: number;
}

const alike = 0.9;

/**
 * Decides whether a row names the columns: a header is unlike what is under it, a row that looks like those under it is
 * none. Where nothing speaks for or against, texts that are all there and all different are names.
 */
export const isHeaderRow = (row: LayoutRow, below: readonly LayoutRow[], width: number): boolean => {
  const cells = Array.from({ length: width }, (_, index) => (row.cells[index] ?? '').trim());
  const present = cells.filter((cell) => cell !== '');
  if (present.length === 0) return false;
  const textual = cells.every((cell, index) => cell !== '' && row.looks[index] === 'text');
  if (below.length === 0) return textual;
  const evidence = headerEvidence(row, below, width);
  if (runsOn(row, below, width)) return true;
  if (evidence.for > 0 || evidence.against > 0) return evidence.for > evidence.against;
  return textual && new Set(present).size === present.length;
};

export const headerEvidence = (row: LayoutRow, below: readonly LayoutRow[], width: number): Evidence => {
  const sum = { for: 0, against: 0 };
  for (let column = 0; column < width; column += 1) {
    const weight = weigh(row, below, column);
    if (weight > 0) sum.for += weight;
    else sum.against -= weight;
  }
  return sum;
};

/** Positive: the cell is unlike its column; negative: it is like it; zero: it says nothing. */
const weigh = (row: LayoutRow, below: readonly LayoutRow[], column: number): number => {
  const cell = (row.cells[column] ?? '').trim();
  const look = row.looks[column] ?? 'empty';
  if (look === 'empty' || look === 'word') return 0;
  const values = below.flatMap(({ cells, looks }) => {
    const one = looks[column] ?? 'empty';
    return one === 'empty' || one === 'word' ? [] : [{ text: (cells[column] ?? '').trim(), look: one }];
  });
  if (values.length === 0) return 0;
  const same = values.filter((value) => value.look === look).length / values.length;
  const texts = values.filter((value) => value.look === 'text').length / values.length;
  if (look === 'number') {
    if (isYear(cell) && same >= alike) return values.some(({ text }) => isYear(text)) ? -1 : 1;
    if (same >= 0.5) return -1;
    return isYear(cell) && texts >= alike ? 1 : 0;
  }
  if (look !== 'text') return same >= 0.5 ? -1 : texts >= alike || same === 0 ? 1 : 0;
  // A word over numbers or dates says more than a word that could be a value.
  if (texts <= 1 - alike) return 2;
  if (texts < alike) return 0;
  return weighText(
    cell,
    values.map(({ text }) => text),
  );
};

const weighText = (cell: string, values: readonly string[]): number => {
  if (values.length > 1 && values.includes(cell)) return -1;
  const mask = maskOf(cell);
  const masks = values.map(maskOf);
  const common = masks.filter((one) => one === masks[0]).length;
  if (common >= masks.length * alike && isTelling(masks[0] ?? ''))
    return mask === masks[0] && masks.length > 1 ? -1 : mask === masks[0] ? 0 : 1;
  if (values.every((one) => /\d/.test(one)) && !/\d/.test(cell)) return values.length > 1 ? 1 : 0.5;
  // Small letters over capitals: `name` over `Ana`.
  if (/^\p{Ll}/u.test(cell) && values.every((one) => /^\p{Lu}/u.test(one))) return 0.5;
  return 0;
};

const isYear = (text: string): boolean => /^(1[5-9]|20|21)\d\d$/.test(text);

/** Whether the numbers of a row run on like years, beside a text; a column of such numbers is none. */
const runsOn = (row: LayoutRow, below: readonly LayoutRow[], width: number): boolean => {
  const places = Array.from({ length: width }, (_, index) => index).filter((index) => row.looks[index] === 'number');
  const numbers = places.map((index) => Number(row.cells[index]));
  const texts = row.looks.slice(0, width).filter((look) => look === 'text').length;
  if (numbers.length < 2 || texts === 0) return false;
  const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  if (!steps.every((step) => step === steps[0] && (step === 1 || step === -1 || step === 0))) return false;
  const years = numbers.every((number) => isYear(String(number)));
  if (!years && (numbers.length < 3 || steps[0] !== 1)) return false;
  // Were the row data, the rows under it would run on too.
  return !below.slice(0, 5).some(({ cells }) => {
    const others = places.map((index) => Number(cells[index]));
    return (
      others.every((other, index) => index === 0 || other - (others[index - 1] ?? 0) === steps[0]) && steps[0] !== 0
    );
  });
};
