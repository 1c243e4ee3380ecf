import { randomBytes } from 'node:crypto';
import { defineCommand, defineEvent } from '@vindima/contracts';
import { columnTypes, type Database, type Migrations, openDatabase } from '@vindima/database';
import { Type } from 'typebox';
import {
  type Bus,
  connectNatsBus,
  createMessenger,
  type MessagingTables,
  type Messenger,
  messagingMigrations,
  openInProcessBus,
} from '../src/index.ts';
import { quiet } from './quiet.ts';

export interface Tables extends MessagingTables {
  effects: { effect: string; attempt: number };
}

/** No unique key: an effect that happens twice is there twice. */
const effects: Migrations = {
  '2026-11-21T12:00_effects': {
    up: async (query) => {
      const type = columnTypes(query);
      await query.schema
        .createTable('effects')
        .addColumn('effect', type.key(64), (column) => column.notNull())
        .addColumn('attempt', type.integer, (column) => column.notNull())
        .execute();
    },
  },
};

export const openEffects = (url: string): Promise<Database<Tables>> =>
  openDatabase<Tables>({ url, service: 'press', migrations: { ...messagingMigrations, ...effects } });

const payload = Type.Object({ name: Type.String({ minLength: 1, maxLength: 60 }) }, { additionalProperties: false });

/** Definitions that no other suite uses. */
export const definitions = (suite = `press-${randomBytes(4).toString('hex')}`) => ({
  press: defineCommand({ service: suite, name: 'press', summary: 'Press grapes', payload }),
  pressed: defineEvent({ service: suite, name: 'pressed', summary: 'Grapes were pressed', payload }),
});

/** A bus by its address: `nats://...` or the path of a file. */
export const openBus = (address: string): Promise<Bus> =>
  address.startsWith('nats:')
    ? connectNatsBus({ url: address, name: 'press', logger: quiet })
    : openInProcessBus({ path: address, logger: quiet });

export const openMessenger = (bus: Bus, database: Database<Tables>): Messenger<Tables> =>
  createMessenger({ bus, database, service: 'press', logger: quiet });
