import type { KitTables, ServiceContext } from '@vindima/service-kit';
import type { Transaction } from 'kysely';
import type { DatasetsConfig } from '../config.ts';
import type { DatasetsTables } from '../db/datasets-table.ts';
import type { Engine } from '../engine/pool.ts';
import type { TableStore } from '../tables/table-store.ts';

export type DatasetsContext = ServiceContext<DatasetsConfig, DatasetsTables>;
export type DatasetsTransaction = Transaction<DatasetsTables & KitTables>;

/** What every piece of work is done with. */
export interface Tools {
  readonly context: DatasetsContext;
  readonly engine: Engine;
  readonly store: TableStore;
}

/** How one piece of work is to be done. */
export interface WorkOptions {
  /** The id of the table that it makes. */
  readonly id: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** On whose behalf: engines are shared fairly between callers. */
  readonly caller: string;
}

/** Work that is done but not yet told: `commit` writes its effects, and only then did it happen. */
export interface Done<Answer> {
  readonly answer: Answer;
  commit(transaction: DatasetsTransaction): Promise<void>;
}

/** The day of a time, for keys. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
