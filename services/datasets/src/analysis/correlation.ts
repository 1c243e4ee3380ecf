import { type Correlation, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import type { Table } from '../steps/table.ts';
import { numericColumns } from './descriptive.ts';
import { finite, numberOrNull } from './numbers.ts';

const mostColumns = 100;
const pairsPerQuery = 500;

/** Pearson's correlation of each pair of columns of numbers, over the rows where both have a value; null where undefined. */
export const correlation = async (
  session: Session,
  table: Table,
  names: readonly string[] | undefined,
): Promise<Correlation> => {
  const columns = numericColumns(table, names).map(({ name }) => name);
  if (columns.length > mostColumns) {
    throw new ServiceError(
      422,
      'datasets.too_many_columns',
      `Correlations are computed of at most ${mostColumns} columns; name them.`,
    );
  }
  const matrix: (number | null)[][] = columns.map(() => columns.map(() => null));
  const pairs = columns.flatMap((one, row) =>
    columns.slice(row).map((other, offset) => ({ one, other, row, column: row + offset })),
  );
  for (let from = 0; from < pairs.length; from += pairsPerQuery) {
    const group = pairs.slice(from, from + pairsPerQuery);
    const query = group
      .map(({ one, other }, index) => `corr(${finite(one)}, ${finite(other)}) AS r${index}`)
      .join(', ');
    const result = await session.row(`SELECT ${query} FROM ${table.relation}`);
    group.forEach(({ row, column }, index) => {
      const found = numberOrNull(result[`r${index}`]);
      // Rounding must not make a correlation larger than one.
      const value = found === null ? null : Math.max(-1, Math.min(1, found));
      for (const [line, place] of [
        [row, column],
        [column, row],
      ] as const) {
        const cells = matrix[line];
        if (cells !== undefined) cells[place] = value;
      }
    });
  }
  return { method: 'pearson', columns, matrix };
};
