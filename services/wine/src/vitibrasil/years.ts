import type { WineMeasure } from '@vindima/contracts';
import type { YearColumn } from './table.ts';
import { quote, type Warnings } from './warnings.ts';

/** A cell of the header that is labelled with a year. */
export interface YearLabel {
  /** Index in the line, from 0. */
  readonly cell: number;
  readonly label: string;
  /** Where the label itself says so, as in edited copies: `1970_q`, `QTD-1970`. */
  readonly measure?: WineMeasure['measure'] | undefined;
}

interface Chunk {
  readonly labels: readonly YearLabel[];
  /** Undefined while it is not known. */
  year: number | undefined;
}

const chunksOf = (labels: readonly YearLabel[], size: number): YearLabel[][] =>
  Array.from({ length: Math.ceil(labels.length / size) }, (_, index) => labels.slice(index * size, (index + 1) * size));

/** Neighbouring cells of the same label. */
const runsOf = (labels: readonly YearLabel[]): YearLabel[][] => {
  const runs: YearLabel[][] = [];
  for (const label of labels) {
    const run = runs.at(-1);
    if (run?.[0]?.label === label.label) run.push(label);
    else runs.push([label]);
  }
  return runs;
};

/**
 * Cuts the labels into one chunk per year. A run that is as long as there are measures, of a label that comes only there, is a
 * year for certain. What lies between such runs is cut by position, with the year still open.
 */
const cut = (labels: readonly YearLabel[], size: number, counts: ReadonlyMap<string, number>): Chunk[] => {
  const chunks: Chunk[] = [];
  let open: YearLabel[] = [];
  const close = () => {
    chunks.push(...chunksOf(open, size).map((part) => ({ labels: part, year: undefined })));
    open = [];
  };
  for (const run of runsOf(labels)) {
    const label = run[0]?.label ?? '';
    if (run.length === size && counts.get(label) === size) {
      close();
      chunks.push({ labels: run, year: Number(label) });
    } else {
      open.push(...run);
    }
  }
  close();
  return chunks;
};

/** @returns the year of an open chunk, if its place between its neighbours and its labels leave no doubt about it. */
const yearByPosition = (
  chunk: Chunk,
  before: Chunk | undefined,
  after: Chunk | undefined,
  size: number,
  counts: ReadonlyMap<string, number>,
): number | undefined => {
  if (chunk.labels.length !== size) return undefined;
  const own = new Set(chunk.labels.map(({ label }) => label));
  const expected = new Set<number>();
  if (before?.year !== undefined) expected.add(before.year + 1);
  if (after?.year !== undefined) expected.add(after.year - 1);
  if (own.size === 1) {
    const year = Number([...own][0]);
    if (expected.has(year) || before === undefined) return year;
  }
  const [year] = expected;
  if (expected.size !== 1 || year === undefined || before?.year === undefined) return undefined;
  // A label may only be overruled where its year is complete without it, and only by a year that would else be missing.
  const others = [...own].filter((label) => label !== String(year));
  const elsewhere = (label: string) =>
    (counts.get(label) ?? 0) - chunk.labels.filter((candidate) => candidate.label === label).length;
  if (!others.every((label) => elsewhere(label) >= size)) return undefined;
  return own.has(String(year)) || !counts.has(String(year)) ? year : undefined;
};

const place = (chunk: Chunk, measures: readonly WineMeasure[], warnings: Warnings, line: number): YearColumn[] => {
  const { year } = chunk;
  if (year === undefined) {
    for (const { cell, label } of chunk.labels) {
      warnings.add(
        'unplaced_column',
        line,
        cell + 1,
        `Which year and measure this column labelled ${quote(label)} has cannot be told; it was left out.`,
      );
    }
    return [];
  }
  return chunk.labels.flatMap(({ cell, label }, index) => {
    const measure = measures[index];
    if (measure === undefined) return [];
    if (label !== String(year)) {
      const message = `This column is labelled ${quote(label)} once too often; by its place it was read as ${year}.`;
      warnings.add('repeated_year', line, cell + 1, message);
    }
    return [{ cell, label, year, measure }];
  });
};

/** Labels of edited copies tell the measure. One that the series does not have makes them another table's. */
const placeByMeasure = (
  labels: readonly YearLabel[],
  measures: readonly WineMeasure[],
  line: number,
  warnings: Warnings,
): YearColumn[] => {
  const columns = labels.map(({ cell, label, measure: said = 'quantity' }) => {
    const measure = measures.find((candidate) => candidate.measure === said);
    return measure === undefined ? undefined : { cell, label, year: Number(label), measure };
  });
  const known = columns.filter((column) => column !== undefined);
  if (known.length < columns.length) return [];
  warnings.add('labelled_measures', line, (labels[0]?.cell ?? 0) + 1, 'The labels of the years tell their measure.');
  return known;
};

/**
 * Finds year and measure of every column. Each year is there once per measure, in the order of the measures; a label that is
 * there more or less often is placed by position or, where that leaves a doubt, left out, with a warning either way.
 *
 * @param line number of the header, for the warnings
 */
export const placeYears = (
  labels: readonly YearLabel[],
  measures: readonly WineMeasure[],
  line: number,
  warnings: Warnings,
): YearColumn[] => {
  if (labels.some(({ measure }) => measure !== undefined)) return placeByMeasure(labels, measures, line, warnings);
  const size = measures.length;
  const counts = new Map<string, number>();
  for (const { label } of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const complete = [...counts.values()].every((count) => count === size);
  if (complete && runsOf(labels).length !== counts.size) {
    warnings.add('measures_apart', line, (labels[0]?.cell ?? 0) + 1, 'The columns of a year are not side by side.');
    const seen = new Map<string, number>();
    return labels.flatMap(({ cell, label }) => {
      const index = seen.get(label) ?? 0;
      seen.set(label, index + 1);
      const measure = measures[index];
      return measure === undefined ? [] : [{ cell, label, year: Number(label), measure }];
    });
  }
  const chunks = cut(labels, size, counts);
  for (const [index, chunk] of chunks.entries()) {
    chunk.year ??= yearByPosition(chunk, chunks[index - 1], chunks[index + 1], size, counts);
  }
  const columns = chunks.flatMap((chunk) => place(chunk, measures, warnings, line));
  const unsorted = columns.find((column, index) => column.year < (columns[index - 1]?.year ?? 0));
  if (unsorted !== undefined) {
    warnings.add('years_not_ascending', line, unsorted.cell + 1, 'From here the years of the header go back.');
  }
  return columns;
};
