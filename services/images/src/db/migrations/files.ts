import { columnTypes, dialectOf, type Migrations } from '@vindima/database';
import { type Kysely, sql } from 'kysely';

/** SQLite drops no constraint of a column: the table is written anew. */
const rewriteDetails = async (db: Kysely<unknown>): Promise<void> => {
  const types = columnTypes(db);
  const int = sql`integer`;
  await db.schema
    .createTable('details_of_all')
    .addColumn('picture_id', int, (column) => column.primaryKey())
    .addColumn('sha256', types.key(64), (column) => column.notNull())
    .addColumn('format', types.key(10), (column) => column.notNull())
    .addColumn('width', int, (column) => column.notNull())
    .addColumn('height', int, (column) => column.notNull())
    .addColumn('bytes', int, (column) => column.notNull())
    .addForeignKeyConstraint('details_of_picture', ['picture_id'], 'pictures', ['id'])
    .execute();
  await sql`insert into details_of_all select picture_id, sha256, format, width, height, bytes from picture_details`.execute(
    db,
  );
  await db.schema.dropTable('picture_details').execute();
  await db.schema.alterTable('details_of_all').renameTo('picture_details').execute();
};

/** Several images may have the same bytes, as they have in the system that this service replaces. */
export const fileMigrations: Migrations = {
  '2026-11-28T1600_files_of_several_images': {
    up: async (db) => {
      const types = columnTypes(db);
      await db.schema
        .createTable('picture_files')
        .addColumn('sha256', types.key(64), (column) => column.primaryKey())
        .addColumn('path', types.key(255), (column) => column.notNull())
        .execute();
      await sql`insert into picture_files (sha256, path)
        select details.sha256, pictures.path from picture_details details
        join pictures on pictures.id = details.picture_id`.execute(db);
      if (dialectOf(db) === 'mysql') await sql`alter table picture_details drop index sha256`.execute(db);
      else await rewriteDetails(db);
      await db.schema
        .createIndex('details_by_sha256')
        .on('picture_details')
        .columns(['sha256', 'picture_id'])
        .execute();
    },
  },
  '2026-11-28T1601_adopted_pictures': {
    up: async (db) => {
      const types = columnTypes(db);
      await db.schema
        .createTable('adopted_pictures')
        .addColumn('picture_id', sql`integer`, (column) => column.primaryKey())
        .addColumn('old_id', sql`integer`, (column) => column.notNull())
        .addColumn('state', types.key(10), (column) => column.notNull())
        .addForeignKeyConstraint('adoption_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
    },
  },
};
