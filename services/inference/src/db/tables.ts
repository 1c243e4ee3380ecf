import { autoIncrement, columnTypes, type Migrations } from '@vindima/database';
import type { KitTables } from '@vindima/service-kit';
import { type Generated, type Kysely, sql } from 'kysely';
import { insertServing } from './serving-state.ts';

export interface ModelTable {
  name: string;
  champion: number | null;
  /** 1: answers, so every replica has it or brings it into memory when it is asked for. */
  loaded: number;
  max_batch: number;
  max_wait_ms: number;
  created_at: string;
  updated_at: string;
}

export interface ModelVersionTable {
  model: string;
  version: number;
  sha256: string;
  bytes: number;
  object_key: string;
  /** JSON */
  origin: string;
  /** JSON */
  signature: string;
  /** JSON */
  metadata: string;
  /** JSON */
  golden: string | null;
  /** JSON: what it took when it was tried; null of versions of before */
  cost: string | null;
  created_at: string;
}

/** The last number that a version of a model was given: the history names versions, so none is used again, not even by a model that was deleted. */
export interface VersionNumberTable {
  model: string;
  last: number;
}

/** Every change of a champion: what a rollback goes back along. */
export interface PromotionTable {
  id: Generated<number>;
  model: string;
  version: number;
  previous_version: number | null;
  reason: string;
  at: string;
  /** 1 once it was rolled back. */
  undone: number;
}

/** How often runs of a version had to be ended with their process, since somebody let it answer. */
export interface RunKillTable {
  model: string;
  version: number;
  kills: number;
  reason: string;
  at: string;
}

/** One row. */
export interface ServingTable {
  id: number;
  /** The model that answers `POST /model/classify/`. */
  current_model: string | null;
  /** Counts up with every change that the replicas must follow. */
  revision: number;
}

/** What was classified. Ids are UUIDs of version 7, so that their order is that of time. */
export interface ClassificationTable {
  id: string;
  model: string;
  version: number;
  source: string;
  class: string | null;
  /** JSON */
  input: string;
  /** JSON */
  output: string;
}

/** Classifications that no event tells of yet. */
export interface UntoldTable {
  id: Generated<number>;
  /** JSON */
  summary: string;
}

export interface InferenceTables {
  models: ModelTable;
  model_versions: ModelVersionTable;
  version_numbers: VersionNumberTable;
  promotions: PromotionTable;
  run_kills: RunKillTable;
  serving: ServingTable;
  classifications: ClassificationTable;
  untold: UntoldTable;
}

/** Queries on the service's database, in a transaction or not. */
export type InferenceQueries = Kysely<InferenceTables & KitTables>;

export const inferenceMigrations: Migrations = {
  '2026-11-21T2200_inference': {
    up: async (db) => {
      const { double, id, integer, json, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('models')
        .addColumn('name', key(100), (column) => column.primaryKey())
        .addColumn('champion', integer)
        .addColumn('loaded', integer, (column) => column.notNull())
        .addColumn('max_batch', integer, (column) => column.notNull())
        .addColumn('max_wait_ms', double, (column) => column.notNull())
        .addColumn('created_at', timestamp, (column) => column.notNull())
        .addColumn('updated_at', timestamp, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('model_versions')
        .addColumn('model', key(100), (column) => column.notNull())
        .addColumn('version', integer, (column) => column.notNull())
        .addColumn('sha256', key(64), (column) => column.notNull())
        .addColumn('bytes', integer, (column) => column.notNull())
        .addColumn('object_key', key(500), (column) => column.notNull())
        .addColumn('origin', json, (column) => column.notNull())
        .addColumn('signature', json, (column) => column.notNull())
        .addColumn('metadata', json, (column) => column.notNull())
        .addColumn('golden', json)
        .addColumn('created_at', timestamp, (column) => column.notNull())
        .addPrimaryKeyConstraint('model_versions_primary', ['model', 'version'])
        .execute();
      await db.schema
        .createTable('promotions')
        .addColumn('id', id, autoIncrement)
        .addColumn('model', key(100), (column) => column.notNull())
        .addColumn('version', integer, (column) => column.notNull())
        .addColumn('previous_version', integer)
        .addColumn('reason', key(20), (column) => column.notNull())
        .addColumn('at', timestamp, (column) => column.notNull())
        .addColumn('undone', integer, (column) => column.notNull())
        .execute();
      await db.schema.createIndex('promotions_model').on('promotions').columns(['model', 'id']).execute();
      await db.schema
        .createTable('serving')
        .addColumn('id', integer, (column) => column.primaryKey())
        .addColumn('current_model', key(100))
        .addColumn('revision', integer, (column) => column.notNull())
        .execute();
      await insertServing(db as InferenceQueries);
      await db.schema
        .createTable('classifications')
        .addColumn('id', key(36), (column) => column.primaryKey())
        .addColumn('model', key(100), (column) => column.notNull())
        .addColumn('version', integer, (column) => column.notNull())
        .addColumn('source', key(10), (column) => column.notNull())
        .addColumn('class', key(200))
        .addColumn('input', json, (column) => column.notNull())
        .addColumn('output', json, (column) => column.notNull())
        .execute();
      await db.schema.createIndex('classifications_model').on('classifications').columns(['model', 'id']).execute();
      await db.schema.createIndex('classifications_class').on('classifications').columns(['class', 'id']).execute();
      await db.schema
        .createTable('untold')
        .addColumn('id', id, autoIncrement)
        .addColumn('summary', json, (column) => column.notNull())
        .execute();
    },
  },
  '2026-11-22T0100_version_numbers': {
    up: async (db) => {
      const { integer, key } = columnTypes(db);
      await db.schema
        .createTable('version_numbers')
        .addColumn('model', key(100), (column) => column.primaryKey())
        .addColumn('last', integer, (column) => column.notNull())
        .execute();
      await sql`insert into version_numbers (model, last)
        select model, max(version) from
          (select model, version from model_versions union all select model, version from promotions) as given
        group by model`.execute(db);
    },
  },
  '2026-11-28T1500_run_costs': {
    up: async (db) => {
      const { integer, json, key, timestamp } = columnTypes(db);
      await db.schema.alterTable('model_versions').addColumn('cost', json).execute();
      await db.schema
        .createTable('run_kills')
        .addColumn('model', key(100), (column) => column.notNull())
        .addColumn('version', integer, (column) => column.notNull())
        .addColumn('kills', integer, (column) => column.notNull())
        .addColumn('reason', key(20), (column) => column.notNull())
        .addColumn('at', timestamp, (column) => column.notNull())
        .addPrimaryKeyConstraint('run_kills_primary', ['model', 'version'])
        .execute();
    },
  },
};
