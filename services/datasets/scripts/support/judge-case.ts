import type { DatasetColumn, DatasetWarning } from '@vindima/contracts';

/** What a case says of the table that its file holds. */
export interface CaseExpectation {
  readonly columns?: readonly string[];
  readonly types?: readonly string[];
  readonly ncol?: number;
  readonly nrows?: number;
  readonly first?: readonly unknown[];
  readonly cell?: readonly [row: number, column: string, value: unknown];
  readonly warn?: boolean;
  readonly ignore_extra?: boolean;
  readonly 'rows (any of)'?: readonly (readonly (readonly unknown[])[])[];
  readonly 'or a clear refusal'?: boolean;
}

export interface ReadTable {
  readonly columns: readonly DatasetColumn[];
  readonly warnings: readonly DatasetWarning[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export type Outcome = 'right' | 'refused' | 'refused wrongly' | 'warned' | 'wrong in silence';

/** Compares what was read with what a case expects. */
export const judge = (
  table: ReadTable | { readonly refused: string },
  expected: CaseExpectation,
): { outcome: Outcome; what: string } => {
  if ('refused' in table) {
    return { outcome: expected['or a clear refusal'] ? 'refused' : 'refused wrongly', what: table.refused };
  }
  const differences = [...differencesOf(table, expected)];
  const said = table.warnings.map(({ code }) => code);
  const seen = `${table.columns.map(({ name, type }) => `${name}:${type}`).join(',')} ${JSON.stringify(table.rows[0])} [${[...new Set(said)].join(' ')}]`;
  if (differences.length === 0) return { outcome: 'right', what: seen.slice(0, 150) };
  return { outcome: said.length > 0 ? 'warned' : 'wrong in silence', what: `${differences.join('; ')}: ${seen}` };
};

function* differencesOf({ columns, warnings, rows }: ReadTable, expected: CaseExpectation): Generator<string> {
  const extra = expected.ignore_extra === true;
  const names = columns.map(({ name }) => name);
  const wanted = expected.columns;
  if (wanted !== undefined && !same(extra ? names.slice(0, wanted.length) : names, wanted)) yield 'columns';
  if (expected.ncol !== undefined && columns.length !== expected.ncol) yield 'number of columns';
  if (expected.nrows !== undefined && rows.length !== expected.nrows) yield `${rows.length} rows`;
  if (expected.types?.some((type, index) => !isType(columns[index]?.type, type))) yield 'types';
  if (expected.warn === true && warnings.length === 0) yield 'no warning';
  const values = rows.map((row) => names.map((name) => row[name] ?? null));
  const { first, cell } = expected;
  if (first !== undefined && !same(values[0]?.slice(0, first.length), first)) yield 'first row';
  if (cell !== undefined && !same(rows[cell[0]]?.[cell[1]], cell[2])) yield 'cell';
  const lists = expected['rows (any of)'];
  if (lists !== undefined && !lists.some((list) => list.every((row, index) => same(values[index], row)))) yield 'rows';
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A decimal is a number that keeps its scale. */
const isType = (found: string | undefined, wanted: string) =>
  found === wanted || (wanted === 'number' && found === 'decimal');
