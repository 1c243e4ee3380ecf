import type { Session } from '../engine/session.ts';
import { countRows, type Table } from './table.ts';

/**
 * How many rows a table has, counted when somebody asks: the last count of a request is known for nothing once its result is
 * written, and each of the others costs another run of everything before.
 */
export interface RowCount {
  /** Counts, unless it is known. */
  get(session: Session): Promise<number>;
  /** Says what it is. */
  settle(rows: number): void;
}

export const knownCount = (rows: number): RowCount => ({ get: async () => rows, settle: () => undefined });

export const lazyCount = (table: Table): RowCount => {
  let known: number | undefined;
  return {
    get: async (session) => {
      known ??= await countRows(session, table);
      return known;
    },
    settle: (rows) => {
      known ??= rows;
    },
  };
};
