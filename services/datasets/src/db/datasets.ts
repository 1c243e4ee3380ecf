import { ServiceError } from '@vindima/contracts';
import { type DatasetsQueries, fromRow, type StoredDataset, toRow } from './datasets-table.ts';

/** Adds a table; adding it again (a job that was begun twice) changes nothing. */
export const insertDataset = async (query: DatasetsQueries, stored: StoredDataset): Promise<void> => {
  const known = await query
    .selectFrom('datasets')
    .select('id')
    .where('id', '=', stored.dataset.file_id)
    .executeTakeFirst();
  if (known === undefined) await query.insertInto('datasets').values(toRow(stored)).execute();
};

export const findDataset = async (query: DatasetsQueries, id: string): Promise<StoredDataset | undefined> => {
  const row = await query.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
};

/** @throws 404 `datasets.unknown_file` */
export const getDataset = async (query: DatasetsQueries, id: string): Promise<StoredDataset> => {
  const found = await findDataset(query, id);
  if (found !== undefined) return found;
  throw new ServiceError(404, 'datasets.unknown_file', `There is no file ${JSON.stringify(id)}.`, {
    details: { file_id: id },
  });
};

/** Newest first. The cursor is the place of the last item of the page before. */
export const listDatasets = async (
  query: DatasetsQueries,
  {
    limit,
    cursor,
    kind,
  }: { limit: number; cursor?: string | undefined; kind?: StoredDataset['dataset']['kind'] | undefined },
): Promise<{ items: StoredDataset[]; next_cursor: string | null }> => {
  const [time, id] = cursor === undefined ? [] : decodeCursor(cursor);
  let select = query.selectFrom('datasets').selectAll();
  if (kind !== undefined) select = select.where('kind', '=', kind);
  if (time !== undefined && id !== undefined) {
    select = select.where((row) =>
      row.or([row('created_at', '<', time), row.and([row('created_at', '=', time), row('id', '<', id)])]),
    );
  }
  const rows = await select
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(fromRow);
  const last = items.at(-1)?.dataset;
  return {
    items,
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(last.created_at, last.file_id) : null,
  };
};

const encodeCursor = (time: string, id: string) => Buffer.from(`${time} ${id}`).toString('base64url');

const decodeCursor = (cursor: string): string[] => {
  const parts = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (parts.length === 2) return parts;
  throw new ServiceError(400, 'datasets.wrong_cursor', 'The cursor is not one that a page before has given.');
};

/** @returns whether it was there */
export const deleteDataset = async (query: DatasetsQueries, id: string): Promise<boolean> => {
  const { numDeletedRows } = await query.deleteFrom('datasets').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
};

/** @returns those of the keys of files that no row has. */
export const unknownKeys = async (
  query: DatasetsQueries,
  keys: readonly string[],
  column: 'object_key' | 'source_key' = 'object_key',
): Promise<string[]> => {
  if (keys.length === 0) return [];
  const rows = await query
    .selectFrom('datasets')
    .select(column)
    .where(column, 'in', [...keys])
    .execute();
  const known = new Set(rows.map((row) => row[column]));
  return keys.filter((key) => !known.has(key));
};

/** Says what a table is after it was read again. @returns whether it is there still, as it was */
export const replaceDataset = async (
  query: DatasetsQueries,
  stored: StoredDataset,
  before: string,
): Promise<boolean> => {
  const { id, ...row } = toRow(stored);
  const { numUpdatedRows } = await query
    .updateTable('datasets')
    .set(row)
    .where('id', '=', id)
    .where('object_key', '=', before)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/** Tables from before a time whose files are kept still. */
export const expiredSources = async (query: DatasetsQueries, before: string, limit: number) =>
  query
    .selectFrom('datasets')
    .select(['id', 'source_key'])
    .where('source_key', 'is not', null)
    .where('created_at', '<', before)
    .limit(limit)
    .execute();

export const forgetSource = async (query: DatasetsQueries, id: string): Promise<void> => {
  await query.updateTable('datasets').set({ source_key: null, source_size: null }).where('id', '=', id).execute();
};

/** Results and tables of errors from before a time. */
export const expiredDatasets = async (
  query: DatasetsQueries,
  before: string,
  limit: number,
): Promise<StoredDataset[]> => {
  const rows = await query
    .selectFrom('datasets')
    .selectAll()
    .where('kind', 'in', ['result', 'violations'])
    .where('created_at', '<', before)
    .limit(limit)
    .execute();
  return rows.map(fromRow);
};
