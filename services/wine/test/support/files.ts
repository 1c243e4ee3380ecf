import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { WineSeriesId } from '@vindima/contracts';
import { findSeries } from '../../src/catalogue/find.ts';
import { type Previous, parse } from '../../src/vitibrasil/parse.ts';
import type { SeriesTable } from '../../src/vitibrasil/table.ts';

/** Made-up lines in the real format, with a line feed behind each. */
export const file = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

/** Parses made-up text (or bytes) as a file of the series. */
export const read = (series: WineSeriesId, text: string | Uint8Array, previous?: Previous) =>
  parse(findSeries(series), typeof text === 'string' ? Buffer.from(text) : text, previous);

/** The codes of a table's warnings, with where they are: `decimal_comma 3:4`. */
export const warningsOf = (table: SeriesTable) =>
  table.warnings.map(({ code, line, column }) => `${code} ${line}:${column}`);

/** The figure of the n-th row (from 0) in a year; null when missing. */
export const figure = (table: SeriesTable, row: number, year: number, measure = 'quantity') => {
  const column = table.columns.findIndex(
    (candidate) => candidate.year === year && candidate.measure.measure === measure,
  );
  if (column === -1) throw new Error(`there is no column for ${measure} ${year}`);
  const value = table.values[row * table.columns.length + column] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
};

/** The years that the columns were placed in, in the order of the file. */
export const years = (table: SeriesTable) => table.columns.map((column) => column.year);

const dataFolder = resolve(process.env.SHARED_DATA_DIR ?? join(import.meta.dirname, '../../../../../shared/data'));
/** The real vintages at hand, by their folder; none where the data is not. */
export const vintages = ['2025-05', '2024-07']
  .map((name) => ({ name, folder: join(dataFolder, 'vitibrasil', name) }))
  .filter(({ folder }) => existsSync(folder));
export const realFile = (folder: string, name: string) => readFileSync(join(folder, name));
