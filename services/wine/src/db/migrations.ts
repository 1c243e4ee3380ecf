import { autoIncrement, columnTypes, type Migrations } from '@vindima/database';

export const wineMigrations: Migrations = {
  '2026-11-21T2100_series_state': {
    up: async (db) => {
      const { json, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('series_state')
        .addColumn('series', key(40), (column) => column.primaryKey())
        .addColumn('run', key(80))
        .addColumn('manifest', json)
        .addColumn('checked_at', timestamp)
        .addColumn('last_error', json)
        .execute();
    },
  },
  '2026-11-28T1550_vintages': {
    up: async (db) => {
      const { double, id, integer, json, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('vintages')
        .addColumn('series', key(40), (column) => column.notNull())
        .addColumn('sha256', key(64), (column) => column.notNull())
        .addColumn('state', key(10), (column) => column.notNull())
        .addColumn('first_seen_at', timestamp, (column) => column.notNull())
        .addColumn('source', json, (column) => column.notNull())
        .addColumn('source_key', key(200), (column) => column.notNull())
        .addColumn('findings', json, (column) => column.notNull())
        .addColumn('accepted_by', key(200))
        .addColumn('accepted_at', timestamp)
        .addPrimaryKeyConstraint('vintages_key', ['series', 'sha256'])
        .execute();
      await db.schema
        .createTable('publications')
        .addColumn('id', id, autoIncrement)
        .addColumn('series', key(40), (column) => column.notNull())
        .addColumn('sha256', key(64), (column) => column.notNull())
        .addColumn('served_from', timestamp, (column) => column.notNull())
        .addColumn('manifest', json, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('publications_served')
        .on('publications')
        .columns(['series', 'served_from'])
        .execute();
      await db.schema
        .createTable('figure_changes')
        .addColumn('sequence', id, autoIncrement)
        .addColumn('kind', key(20), (column) => column.notNull())
        .addColumn('series', key(40), (column) => column.notNull())
        .addColumn('section', key(500))
        .addColumn('name', key(500), (column) => column.notNull())
        .addColumn('year', integer, (column) => column.notNull())
        .addColumn('measure', key(20), (column) => column.notNull())
        .addColumn('unit', key(10), (column) => column.notNull())
        .addColumn('before_value', double)
        .addColumn('before_missing', key(20))
        .addColumn('after_value', double)
        .addColumn('after_missing', key(20))
        .addColumn('vintage', key(64), (column) => column.notNull())
        .addColumn('vintage_before', key(64), (column) => column.notNull())
        .addColumn('recorded_at', timestamp, (column) => column.notNull())
        .execute();
    },
  },
  '2026-11-28T1620_forecasts': {
    up: async (db) => {
      const { id, json, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('forecasts')
        .addColumn('id', id, autoIncrement)
        .addColumn('run', key(80), (column) => column.notNull())
        .addColumn('series', key(40), (column) => column.notNull())
        .addColumn('vintage', key(64), (column) => column.notNull())
        .addColumn('made_at', timestamp, (column) => column.notNull())
        .addColumn('body', json, (column) => column.notNull())
        .execute();
      await db.schema.createIndex('forecasts_vintage').on('forecasts').columns(['series', 'vintage']).execute();
    },
  },
};
