import { columnTypes, type Migrations } from '@vindima/database';
import type { Kysely } from 'kysely';

const epoch = '1970-01-01T00:00:00.000Z';

/** Everything is added and nothing changed: places in the feed are when it was learnt, `valid_from` and `rate_date` when it holds. */
export const pricingMigrations: Migrations = {
  '2026-11-21T0200_pricing': {
    up: async (db: Kysely<unknown>) => {
      const { integer, json, key, text, timestamp } = columnTypes(db);
      await db.schema
        .createTable('feed')
        .addColumn('id', integer, (column) => column.primaryKey())
        .addColumn('last_sequence', integer, (column) => column.notNull())
        .addColumn('last_recorded_at', timestamp, (column) => column.notNull())
        .execute();
      await (db as Kysely<{ feed: { id: number; last_sequence: number; last_recorded_at: string } }>)
        .insertInto('feed')
        .values({ id: 1, last_sequence: 0, last_recorded_at: epoch })
        .execute();
      await db.schema
        .createTable('recordings')
        .addColumn('last_sequence', integer, (column) => column.primaryKey())
        .addColumn('recorded_at', timestamp, (column) => column.notNull().unique())
        .execute();
      await db.schema
        .createTable('rates')
        .addColumn('sequence', integer, (column) => column.primaryKey())
        .addColumn('provider', key(100), (column) => column.notNull())
        .addColumn('rate_date', key(10), (column) => column.notNull())
        .addColumn('currency', key(3), (column) => column.notNull())
        .addColumn('revision', integer, (column) => column.notNull())
        .addColumn('rate', key(80))
        .addUniqueConstraint('rates_revision', ['provider', 'rate_date', 'currency', 'revision'])
        .execute();
      await db.schema
        .createTable('product_versions')
        .addColumn('sequence', integer, (column) => column.primaryKey())
        .addColumn('store', key(100), (column) => column.notNull())
        .addColumn('product_id', integer, (column) => column.notNull())
        .addColumn('revision', integer, (column) => column.notNull())
        .addColumn('operation', key(10), (column) => column.notNull())
        .addColumn('valid_from', timestamp, (column) => column.notNull())
        .addColumn('title', key(500), (column) => column.notNull())
        .addColumn('slug', key(600))
        .addColumn('price', key(80), (column) => column.notNull())
        .addColumn('currency', key(3), (column) => column.notNull())
        .addColumn('category_id', integer)
        .addColumn('category', key(200), (column) => column.notNull())
        .addColumn('category_slug', key(600))
        .addColumn('description', text, (column) => column.notNull())
        .addColumn('images', json, (column) => column.notNull())
        .addColumn('content_hash', key(64), (column) => column.notNull())
        .addUniqueConstraint('product_versions_revision', ['store', 'product_id', 'revision'])
        .execute();
      await db.schema
        .createIndex('product_versions_valid')
        .on('product_versions')
        .columns(['store', 'valid_from', 'product_id'])
        .execute();
      await db.schema
        .createTable('rate_coverage')
        .addColumn('provider', key(100), (column) => column.primaryKey())
        .addColumn('covered_from', key(10), (column) => column.notNull())
        .addColumn('synced_at', timestamp, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('pricing_runs')
        .addColumn('id', key(80), (column) => column.primaryKey())
        .addColumn('state', key(16), (column) => column.notNull())
        .addColumn('run', json, (column) => column.notNull())
        .addColumn('finished_at', timestamp, (column) => column.notNull())
        .execute();
    },
  },
  '2026-11-28T1600_held-rates': {
    up: async (db: Kysely<unknown>) => {
      const { key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('held_rates')
        .addColumn('id', key(40), (column) => column.primaryKey())
        .addColumn('provider', key(100), (column) => column.notNull())
        .addColumn('currency', key(3), (column) => column.notNull())
        .addColumn('rate_date', key(10), (column) => column.notNull())
        .addColumn('rate', key(80), (column) => column.notNull())
        .addColumn('reason', key(20), (column) => column.notNull())
        .addColumn('previous_rate', key(80))
        .addColumn('next_rate', key(80))
        .addColumn('state', key(16), (column) => column.notNull())
        .addColumn('read_by', key(80), (column) => column.notNull())
        .addColumn('held_at', timestamp, (column) => column.notNull())
        .addColumn('decided_at', timestamp)
        .addColumn('decided_by', key(200))
        .addColumn('changed_at', timestamp, (column) => column.notNull())
        .addUniqueConstraint('held_rates_value', ['provider', 'rate_date', 'currency', 'rate'])
        .execute();
      await db.schema.createIndex('held_rates_changed').on('held_rates').columns(['changed_at']).execute();
    },
  },
};
