import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { packedColumns, unpackRows } from './pack-rows.ts';

// A thread that writes the history into a SQLite file. A commit waits for the disk, and the service's own thread must not.

export interface WriteRequest {
  readonly id: number;
  /** Rows as one text, which travels between threads at a fraction of the cost of many; see `packRows`. */
  readonly rows: string;
  readonly untold: readonly string[];
}
export type WriteAnswer = { readonly id: number; readonly error?: string };

const { path } = workerData as { path: string };
// The service's own connection may hold the file for a moment; waiting here holds nobody up.
const database = new DatabaseSync(path, { timeout: 30_000 });
// As the service's own connection: a commit is on the disk before anybody is told of it.
database.exec('pragma synchronous = full');
/** Inserts rows with one statement, which costs half as much for each as one for each. */
const prepareInsert = (rows: number) => {
  const values = packedColumns.map((column) => (column === 'class' ? "json_extract(?, '$')" : '?'));
  return database.prepare(
    `insert into classifications (${packedColumns}) values ${Array.from({ length: rows }, () => `(${values})`)}`,
  );
};
const rowsAtOnce = 16;
const insertRow = prepareInsert(1);
const insertRows = prepareInsert(rowsAtOnce);
const insertUntold = database.prepare('insert into untold (summary) values (?)');

const insert = (columns: readonly string[]) => {
  const width = packedColumns.length;
  const several = rowsAtOnce * width;
  const whole = columns.length - (columns.length % several);
  for (let start = 0; start < whole; start += several) insertRows.run(...columns.slice(start, start + several));
  for (let start = whole; start < columns.length; start += width) insertRow.run(...columns.slice(start, start + width));
};

const write = ({ rows, untold }: WriteRequest) => {
  database.exec('begin immediate');
  try {
    insert(unpackRows(rows));
    for (const summary of untold) insertUntold.run(summary);
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
};

parentPort?.on('message', (request: WriteRequest | 'close') => {
  if (request === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    write(request);
    parentPort?.postMessage({ id: request.id } satisfies WriteAnswer);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ id: request.id, error: message } satisfies WriteAnswer);
  }
});
