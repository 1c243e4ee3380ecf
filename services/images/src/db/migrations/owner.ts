import { autoIncrement, columnTypes, type Migrations } from '@vindima/database';
import { sql } from 'kysely';

/** What the owner of the photographs decides, and what looks the same. */
export const ownerMigrations: Migrations = {
  '2026-11-28T1615_corrections': {
    up: async (db) => {
      const types = columnTypes(db);
      await db.schema
        .createTable('corrections')
        .addColumn('picture_id', sql`integer`, (column) => column.notNull())
        .addColumn('tag', types.key(100), (column) => column.notNull())
        .addColumn('is_right', sql`integer`, (column) => column.notNull())
        .addColumn('by_whom', types.key(200), (column) => column.notNull())
        .addColumn('at', types.timestamp, (column) => column.notNull())
        .addPrimaryKeyConstraint('corrections_key', ['picture_id', 'tag'])
        .addForeignKeyConstraint('corrections_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
    },
  },
  '2026-11-28T1616_albums': {
    up: async (db) => {
      const types = columnTypes(db);
      const int = sql`integer`;
      await db.schema
        .createTable('albums')
        .addColumn('id', int, autoIncrement)
        .addColumn('name', types.key(200), (column) => column.notNull().unique())
        .execute();
      await db.schema
        .createTable('album_pictures')
        .addColumn('album_id', int, (column) => column.notNull())
        .addColumn('picture_id', int, (column) => column.notNull())
        .addPrimaryKeyConstraint('album_pictures_key', ['album_id', 'picture_id'])
        .addForeignKeyConstraint('pictures_of_album', ['album_id'], 'albums', ['id'])
        .addForeignKeyConstraint('albums_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
    },
  },
  '2026-11-28T1617_looks': {
    up: async (db) => {
      const types = columnTypes(db);
      const int = sql`integer`;
      const part = types.key(4);
      await db.schema
        .createTable('looks')
        .addColumn('picture_id', int, (column) => column.primaryKey())
        .addColumn('pixels', types.key(64), (column) => column.notNull())
        .addColumn('part0', part)
        .addColumn('part1', part)
        .addColumn('part2', part)
        .addColumn('part3', part)
        .addColumn('colours', types.key(96), (column) => column.notNull())
        .addColumn('duplicate_of', int)
        .addForeignKeyConstraint('looks_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
      for (const column of ['pixels', 'part0', 'part1', 'part2', 'part3', 'duplicate_of']) {
        await db.schema.createIndex(`looks_by_${column}`).on('looks').columns([column, 'picture_id']).execute();
      }
    },
  },
};
