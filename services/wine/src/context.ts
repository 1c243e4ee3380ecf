import type { KitTables, ServiceContext } from '@vindima/service-kit';
import type { WineConfig } from './config.ts';
import type { WineTables } from './db/tables.ts';
import type { Shelf } from './shelf/shelf.ts';

/** What the kit gives this service. */
export type WineKit = ServiceContext<WineConfig, WineTables>;

/** What its operations, messages and jobs work with. */
export interface WineContext extends WineKit {
  readonly shelf: Shelf;
}

export type AllTables = WineTables & KitTables;
