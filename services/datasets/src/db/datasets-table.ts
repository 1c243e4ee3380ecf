import type { Dataset, DatasetKind, UploadFormat } from '@vindima/contracts';
import { columnTypes, fromJson, type Migrations, toJson } from '@vindima/database';
import type { KitTables } from '@vindima/service-kit';
import type { Kysely, Selectable } from 'kysely';

export interface DatasetsTable {
  id: string;
  filename: string;
  kind: DatasetKind;
  format: UploadFormat;
  row_count: number;
  /** JSON */
  columns: string;
  /** JSON */
  dialect: string;
  /** JSON */
  warnings: string;
  size: number;
  stored_size: number;
  /** Where its Parquet file is. */
  object_key: string;
  source: string | null;
  created_at: string;
  /** Where the file as it came is kept; null: it is not. */
  source_key: string | null;
  source_size: number | null;
}

export interface DatasetsTables {
  datasets: DatasetsTable;
}

/** Queries on the service's database, in a transaction or not. */
export type DatasetsQueries = Kysely<DatasetsTables & KitTables>;
export type DatasetRow = Selectable<DatasetsTable>;

export const datasetsMigrations: Migrations = {
  '2026-11-21T2200_datasets': {
    up: async (db) => {
      const { integer, json, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('datasets')
        .addColumn('id', key(36), (column) => column.primaryKey())
        .addColumn('filename', key(255), (column) => column.notNull())
        .addColumn('kind', key(16), (column) => column.notNull())
        .addColumn('format', key(16), (column) => column.notNull())
        .addColumn('row_count', integer, (column) => column.notNull())
        .addColumn('columns', json, (column) => column.notNull())
        .addColumn('dialect', json, (column) => column.notNull())
        .addColumn('warnings', json, (column) => column.notNull())
        .addColumn('size', integer, (column) => column.notNull())
        .addColumn('stored_size', integer, (column) => column.notNull())
        .addColumn('object_key', key(500), (column) => column.notNull())
        .addColumn('source', key(768))
        .addColumn('created_at', timestamp, (column) => column.notNull())
        .execute();
      await db.schema.createIndex('datasets_created').on('datasets').columns(['created_at', 'id']).execute();
      await db.schema.createIndex('datasets_kind').on('datasets').columns(['kind', 'created_at']).execute();
    },
  },
  '2026-11-28T1545_sources': {
    up: async (db) => {
      const { integer, key } = columnTypes(db);
      await db.schema.alterTable('datasets').addColumn('source_key', key(500)).execute();
      await db.schema.alterTable('datasets').addColumn('source_size', integer).execute();
    },
  },
};

/** A table with where it is stored. */
export interface StoredDataset {
  readonly dataset: Dataset;
  readonly objectKey: string;
  /** Where the file as it came is; null: nowhere. */
  readonly sourceKey: string | null;
}

export const toRow = ({ dataset, objectKey, sourceKey }: StoredDataset): DatasetRow => ({
  id: dataset.file_id,
  filename: dataset.filename,
  kind: dataset.kind,
  format: dataset.format,
  row_count: dataset.rows,
  columns: toJson(dataset.columns),
  dialect: toJson(dataset.dialect),
  warnings: toJson(dataset.warnings),
  size: dataset.size,
  stored_size: dataset.stored_size,
  object_key: objectKey,
  source: dataset.source,
  created_at: dataset.created_at,
  source_key: sourceKey,
  source_size: dataset.source_size ?? null,
});

export const fromRow = (row: DatasetRow): StoredDataset => ({
  dataset: {
    file_id: row.id,
    filename: row.filename,
    kind: row.kind,
    format: row.format,
    rows: row.row_count,
    columns: fromJson(row.columns),
    dialect: fromJson(row.dialect),
    warnings: fromJson(row.warnings),
    size: row.size,
    stored_size: row.stored_size,
    source: row.source,
    created_at: row.created_at,
    ...(row.source_size === null ? {} : { source_size: row.source_size }),
  },
  objectKey: row.object_key,
  sourceKey: row.source_key,
});
