import type { Session } from './session.ts';
import { literal } from './sql.ts';

// Small enough that a few of them, one a thread, fit under a small memory limit; large enough to compress.
const rowGroup = 65_536;

/**
 * Writes what a query selects as Parquet, in its order.
 * @returns the number of rows
 */
export const writeTable = async (session: Session, query: string, output: string): Promise<number> => {
  const row = await session.row(
    `COPY (${query}) TO ${literal(output)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rowGroup})`,
  );
  return Number(row.Count ?? row.count ?? 0);
};
