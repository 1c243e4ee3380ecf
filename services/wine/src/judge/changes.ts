import { type WineChange, type wineChangeKinds, wineMissingReasons } from '@vindima/contracts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { matchTables } from './match.ts';

export type FigureChange = Omit<WineChange, 'sequence' | 'vintage' | 'vintage_before' | 'recorded_at'>;

const kindOf = (before: number, after: number): (typeof wineChangeKinds)[number] | undefined => {
  if (Number.isNaN(before)) return Number.isNaN(after) ? undefined : 'filled';
  if (Number.isNaN(after)) return 'withdrawn';
  return before === after ? undefined : 'revised';
};
const figure = (value: number) => (Number.isNaN(value) ? null : value);
const reason = (code: number) => wineMissingReasons[code - 1] ?? null;

/** Lists the past figures that a new vintage has changed. Rows and years that only one of the two has are no changes. */
export const changesBetween = (before: SeriesTable, after: SeriesTable): FigureChange[] =>
  matchTables(before, after).pairs.flatMap((pair) => {
    const kind = kindOf(pair.before, pair.after);
    const row = before.rows[pair.row];
    const column = before.columns[pair.column];
    if (kind === undefined || row === undefined || column === undefined) return [];
    return [
      {
        kind,
        series: before.series.id,
        section: row.section,
        name: row.name,
        year: column.year,
        ...column.measure,
        before: figure(pair.before),
        before_missing_reason: reason(pair.missingBefore),
        after: figure(pair.after),
        after_missing_reason: reason(pair.missingAfter),
      },
    ];
  });
