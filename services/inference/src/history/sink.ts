import type { ClassificationTable } from '../db/tables.ts';

/** Where a group of classifications is written, all of them or none. */
export interface HistorySink {
  /** @param untold what no event tells of yet, as JSON */
  write(rows: readonly ClassificationTable[], untold: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
