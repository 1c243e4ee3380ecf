import { autoIncrement, columnTypes, dialectOf, type Migrations } from '@vindima/database';
import { sql } from 'kysely';
import { fileMigrations } from './migrations/files.ts';
import { metadataMigrations } from './migrations/metadata.ts';
import { ownerMigrations } from './migrations/owner.ts';

/** Migrations of the database `Pictures`. */
export const imagesMigrations: Migrations = {
  ...metadataMigrations,
  ...fileMigrations,
  ...ownerMigrations,
  '2026-11-21T2100_pictures_and_tags': {
    up: async (db) => {
      const types = columnTypes(db);
      const int = sql`integer`;
      const date = dialectOf(db) === 'mysql' ? sql`datetime` : sql`text`;
      await db.schema
        .createTable('pictures')
        .addColumn('id', int, autoIncrement)
        .addColumn('path', types.key(255), (column) => column.notNull())
        .addColumn('date', date, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('tags')
        .addColumn('tag', sql`varchar(32)`, (column) => column.notNull())
        .addColumn('picture_id', int, (column) => column.notNull())
        .addColumn('confidence', types.double, (column) => column.notNull())
        .addColumn('date', date, (column) => column.notNull())
        .addPrimaryKeyConstraint('tags_key', ['tag', 'picture_id'])
        .addForeignKeyConstraint('tags_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
      await db.schema.createIndex('pictures_by_date').on('pictures').columns(['date', 'id']).execute();
      await db.schema.createIndex('pictures_by_path').on('pictures').column('path').execute();
      await db.schema.createIndex('tags_by_picture').on('tags').columns(['picture_id', 'tag', 'confidence']).execute();
      await db.schema
        .createIndex('tags_by_date')
        .on('tags')
        .columns(['tag', 'date', 'picture_id', 'confidence'])
        .execute();
    },
  },
  '2026-11-21T2101_details_and_findings': {
    up: async (db) => {
      const types = columnTypes(db);
      const int = sql`integer`;
      await db.schema
        .createTable('picture_details')
        .addColumn('picture_id', int, (column) => column.primaryKey())
        .addColumn('sha256', types.key(64), (column) => column.notNull().unique())
        .addColumn('format', types.key(10), (column) => column.notNull())
        .addColumn('width', int, (column) => column.notNull())
        .addColumn('height', int, (column) => column.notNull())
        .addColumn('bytes', int, (column) => column.notNull())
        .addForeignKeyConstraint('details_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
      await db.schema
        .createTable('tag_sources')
        .addColumn('id', int, autoIncrement)
        .addColumn('tagger', types.key(50), (column) => column.notNull())
        .addColumn('model', types.key(100), (column) => column.notNull())
        .addColumn('version', types.key(100), (column) => column.notNull())
        .addUniqueConstraint('tag_sources_once', ['tagger', 'model', 'version'])
        .execute();
      await db.schema
        .createTable('findings')
        .addColumn('picture_id', int, (column) => column.notNull())
        .addColumn('tag', types.key(32), (column) => column.notNull())
        .addColumn('confidence', types.double, (column) => column.notNull())
        .addColumn('source_id', int, (column) => column.notNull())
        .addPrimaryKeyConstraint('findings_key', ['picture_id', 'tag'])
        .addForeignKeyConstraint('findings_of_picture', ['picture_id'], 'pictures', ['id'])
        .addForeignKeyConstraint('findings_of_source', ['source_id'], 'tag_sources', ['id'])
        .execute();
      await db.schema
        .createTable('vocabulary')
        .addColumn('tag', types.key(32), (column) => column.primaryKey())
        .execute();
      await db.schema
        .createTable('remote_copies')
        .addColumn('name', types.key(100), (column) => column.primaryKey())
        .addColumn('file_id', types.key(100))
        .addColumn('created_at', types.timestamp, (column) => column.notNull())
        .execute();
    },
  },
  '2026-11-22T0100_upload_claims': {
    up: async (db) => {
      const types = columnTypes(db);
      await db.schema
        .createTable('upload_claims')
        .addColumn('sha256', types.key(64), (column) => column.primaryKey())
        .addColumn('token', types.key(36), (column) => column.notNull())
        .addColumn('expires_at', types.timestamp, (column) => column.notNull())
        .execute();
    },
  },
};
