import { defineCommand, defineEvent } from '@vindima/contracts';
import { columnTypes, type Database, type Migrations, openDatabase } from '@vindima/database';
import { Type } from 'typebox';
import { type MessagingTables, messagingMigrations } from '../../src/index.ts';

export interface ChaosTables extends MessagingTables {
  /** One row per handled command; without a unique key, so that what happens twice is there twice. */
  effects: { n: number };
  /** One row per event that arrived. */
  heard: { n: number };
}

const chaosTables: Migrations = {
  '2026-11-21T13:00_chaos': {
    up: async (query) => {
      const { integer } = columnTypes(query);
      for (const table of ['effects', 'heard']) {
        await query.schema
          .createTable(table)
          .addColumn('n', integer, (column) => column.notNull())
          .execute();
      }
    },
  },
};

export const openChaosDatabase = (url: string): Promise<Database<ChaosTables>> =>
  openDatabase<ChaosTables>({
    url,
    service: 'chaos',
    migrations: { ...messagingMigrations, ...chaosTables },
    poolSize: 4,
  });

const payload = Type.Object({ n: Type.Integer() });
export const work = defineCommand({ service: 'chaos', name: 'work', summary: 'Have an effect', payload });
export const worked = defineEvent({ service: 'chaos', name: 'worked', summary: 'An effect was had', payload });
