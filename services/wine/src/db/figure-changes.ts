import type { WineChange, WineChangesPage, WineChangesQuery } from '@vindima/contracts';
import type { FigureChange } from '../judge/changes.ts';
import type { WineQueries } from './tables.ts';

/** So many rows at once stay within what every engine takes. */
const rowsAtOnce = 200;

export const writeChanges = async (
  query: WineQueries,
  changes: readonly FigureChange[],
  about: { readonly vintage: string; readonly vintage_before: string; readonly recorded_at: string },
) => {
  for (let from = 0; from < changes.length; from += rowsAtOnce) {
    const rows = changes
      .slice(from, from + rowsAtOnce)
      .map(({ before, after, before_missing_reason, after_missing_reason, ...change }) => ({
        ...change,
        ...about,
        before_value: before,
        before_missing: before_missing_reason,
        after_value: after,
        after_missing: after_missing_reason,
      }));
    await query.insertInto('figure_changes').values(rows).execute();
  }
};

export const listChanges = async (query: WineQueries, wanted: WineChangesQuery): Promise<WineChangesPage> => {
  const { after = 0, kind, series, limit = 1000 } = wanted;
  const { last } = await query
    .selectFrom('figure_changes')
    .select(({ fn }) => fn.max('sequence').as('last'))
    .executeTakeFirstOrThrow();
  const rows = await query
    .selectFrom('figure_changes')
    .selectAll()
    .where('sequence', '>', after)
    .$if(kind !== undefined, (select) => select.where('kind', '=', kind ?? ''))
    .$if(series !== undefined, (select) => select.where('series', '=', series ?? ''))
    .orderBy('sequence')
    .limit(limit)
    .execute();
  const items = rows.map(
    ({ before_value, before_missing, after_value, after_missing, ...row }) =>
      ({
        ...row,
        sequence: Number(row.sequence),
        before: before_value,
        before_missing_reason: before_missing,
        after: after_value,
        after_missing_reason: after_missing,
      }) as WineChange,
  );
  const newest = Number(last ?? 0);
  // A page that is not full has seen all there is, also what the filter left out.
  const next = items.length < limit ? Math.max(newest, after) : (items.at(-1)?.sequence ?? after);
  return { items, next_after: next, last: newest };
};
