import type { Database } from '@vindima/database';
import type { KitTables } from '@vindima/service-kit';
import type { ClassificationTable, InferenceQueries, InferenceTables } from '../db/tables.ts';
import type { HistorySink } from './sink.ts';

const rowsPerInsert = 500;

/** Writes classifications within a transaction. */
export const insertClassifications = async (
  query: InferenceQueries,
  rows: readonly ClassificationTable[],
  untold: readonly string[],
): Promise<void> => {
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    const values = rows
      .slice(start, start + rowsPerInsert)
      .map(({ id, model, version, source, class: name, input, output }) => ({
        id,
        model,
        version,
        source,
        class: name,
        input,
        output,
      }));
    await query.insertInto('classifications').values(values).execute();
  }
  if (untold.length > 0) {
    await query
      .insertInto('untold')
      .values(untold.map((summary) => ({ summary })))
      .execute();
  }
};

/** Writes through the service's own database: for MySQL, which does not keep anybody waiting but the writer. */
export const createDatabaseSink = (database: Database<InferenceTables & KitTables>): HistorySink => ({
  write: (rows, untold) => database.transaction((transaction) => insertClassifications(transaction, rows, untold)),
  close: async () => {},
});
