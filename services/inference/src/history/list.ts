import type { HistoryItem, HistoryQuery } from '@vindima/contracts';
import type { InferenceQueries } from '../db/tables.ts';
import { firstIdAt, toHistoryItem } from './row.ts';

/** A page of what was classified, newest first. */
export const listHistory = async (
  query: InferenceQueries,
  { limit = 100, cursor, from, to, model, version, class: name }: HistoryQuery,
): Promise<{ items: HistoryItem[]; next_cursor: string | null }> => {
  let select = query.selectFrom('classifications').selectAll();
  if (cursor !== undefined) select = select.where('id', '<', cursor);
  if (from !== undefined) select = select.where('id', '>=', firstIdAt(new Date(from)));
  if (to !== undefined) select = select.where('id', '<', firstIdAt(new Date(to)));
  if (model !== undefined) select = select.where('model', '=', model);
  if (version !== undefined) select = select.where('version', '=', version);
  if (name !== undefined) select = select.where('class', '=', name);
  const rows = await select
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(toHistoryItem);
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
};
