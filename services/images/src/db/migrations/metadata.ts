import { columnTypes, dialectOf, type Migrations } from '@vindima/database';
import { type Kysely, sql } from 'kysely';

/** Longer than the tables of the replaced system have them: labels of classifiers are. */
const tagLength = 100;

/** SQLite changes no keys: the table is written anew. It knows no lengths of text either. */
const rewriteFindings = async (db: Kysely<unknown>): Promise<void> => {
  const types = columnTypes(db);
  const int = sql`integer`;
  await db.schema
    .createTable('findings_of_all')
    .addColumn('picture_id', int, (column) => column.notNull())
    .addColumn('tag', types.key(tagLength), (column) => column.notNull())
    .addColumn('confidence', types.double, (column) => column.notNull())
    .addColumn('source_id', int, (column) => column.notNull())
    .addPrimaryKeyConstraint('findings_key', ['picture_id', 'tag', 'source_id'])
    .addForeignKeyConstraint('findings_of_picture', ['picture_id'], 'pictures', ['id'])
    .addForeignKeyConstraint('findings_of_source', ['source_id'], 'tag_sources', ['id'])
    .execute();
  await sql`insert into findings_of_all select picture_id, tag, confidence, source_id from findings`.execute(db);
  await db.schema.dropTable('findings').execute();
  await db.schema.alterTable('findings_of_all').renameTo('findings').execute();
};

const alterFindings = async (db: Kysely<unknown>): Promise<void> => {
  const tag = sql`varchar(${sql.lit(tagLength)}) not null`;
  await sql`alter table tags modify tag ${tag}`.execute(db);
  await sql`alter table vocabulary modify tag ${tag}`.execute(db);
  await sql`alter table findings modify tag ${tag}, drop primary key, add primary key (picture_id, tag, source_id)`.execute(
    db,
  );
};

/** What files say, and findings of several sources. */
export const metadataMigrations: Migrations = {
  '2026-11-28T1540_sources_of_findings': {
    up: (db) => (dialectOf(db) === 'mysql' ? alterFindings(db) : rewriteFindings(db)),
  },
  '2026-11-28T1541_picture_metadata': {
    up: async (db) => {
      const types = columnTypes(db);
      await db.schema
        .createTable('picture_metadata')
        .addColumn('picture_id', sql`integer`, (column) => column.primaryKey())
        .addColumn('title', types.text)
        .addColumn('caption', types.text)
        .addColumn('keywords', types.json, (column) => column.notNull())
        .addColumn('taken_at', types.key(19))
        .addColumn('taken_zone', types.key(6))
        .addColumn('camera', types.key(100))
        .addColumn('lens', types.key(100))
        .addColumn('latitude', types.double)
        .addColumn('longitude', types.double)
        .addColumn('orientation', sql`integer`)
        .addForeignKeyConstraint('metadata_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
      for (const column of ['taken_at', 'latitude', 'camera']) {
        const index = db.schema.createIndex(`metadata_by_${column}`).on('picture_metadata');
        await index.columns([column, 'picture_id']).execute();
      }
    },
  },
  '2026-11-28T1542_awaited_taggers': {
    up: async (db) => {
      const types = columnTypes(db);
      await db.schema
        .createTable('awaited_taggers')
        .addColumn('picture_id', sql`integer`, (column) => column.notNull())
        .addColumn('tagger', types.key(50), (column) => column.notNull())
        .addColumn('minimum_confidence', types.double, (column) => column.notNull())
        .addColumn('attempts', sql`integer`, (column) => column.notNull())
        .addPrimaryKeyConstraint('awaited_taggers_key', ['picture_id', 'tagger'])
        .addForeignKeyConstraint('taggers_of_picture', ['picture_id'], 'pictures', ['id'])
        .execute();
    },
  },
};
