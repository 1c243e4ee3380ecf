import type { Generated } from 'kysely';
import { autoIncrement, columnTypes, type Migrations } from '../src/index.ts';

/** The tables of the suites. */
export interface Accounts {
  account: { id: string; balance: number };
  movement: { id: Generated<number>; account: string; note: string };
}

export const MIGRATIONS: Migrations = {
  '2026-01-01T10:00_accounts': {
    async up(query) {
      const types = columnTypes(query);
      await query.schema
        .createTable('account')
        .addColumn('id', types.key(100), (column) => column.primaryKey())
        .addColumn('balance', types.integer, (column) => column.notNull())
        .execute();
    },
  },
  '2026-01-02T10:00_movements': {
    async up(query) {
      const types = columnTypes(query);
      await query.schema
        .createTable('movement')
        .addColumn('id', types.id, autoIncrement)
        .addColumn('account', types.key(100), (column) => column.notNull())
        .addColumn('note', types.key(10), (column) => column.notNull())
        .addForeignKeyConstraint('movement_account', ['account'], 'account', ['id'])
        .addUniqueConstraint('movement_once', ['account', 'note'])
        .execute();
    },
  },
};
