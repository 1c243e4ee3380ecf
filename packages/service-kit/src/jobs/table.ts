import type { JobState } from '@vindima/contracts';
import { columnTypes, type Migrations } from '@vindima/database';
import type { Selectable } from 'kysely';

export interface JobTable {
  id: string;
  kind: string;
  state: JobState;
  progress: number;
  message: string;
  attempts: number;
  /** JSON */
  input: string;
  /** JSON */
  result: string | null;
  /** JSON: {code, error, details} */
  error: string | null;
  idempotency_key: string | null;
  /** JSON: what came out, by name */
  outputs: string | null;
  /** Of the command that asked for it; a long one is kept as its digest. */
  command_id: string | null;
  reference: string | null;
  /** Attempts whose process lived on, but lost the job. */
  leases_lost: number;
  /** JSON: what it could not do; null for nothing */
  problems: string | null;
  /** How often it may be tried again after it failed. */
  retries: number;
  /** How often it failed and was put off. */
  failures: number;
  /** It waits until then. */
  not_before: string | null;
  cancel_requested: number;
  /** Who runs it: changes with every attempt, so that whoever lost it can change nothing any more. */
  lease_token: string | null;
  /** `host/pid/incarnation` of who runs it */
  lease_owner: string | null;
  lease_until: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** Until when scheduled work was done. */
export interface ScheduleTable {
  name: string;
  planned_at: string;
}

export interface JobTables {
  jobs: JobTable;
  schedules: ScheduleTable;
}

export type JobRow = Selectable<JobTable>;

/** All columns but the input, which may be large. */
export const columnsWithoutInput = [
  'id',
  'kind',
  'state',
  'progress',
  'message',
  'attempts',
  'result',
  'error',
  'idempotency_key',
  'outputs',
  'command_id',
  'reference',
  'leases_lost',
  'problems',
  'retries',
  'failures',
  'not_before',
  'cancel_requested',
  'lease_token',
  'lease_owner',
  'lease_until',
  'created_at',
  'started_at',
  'finished_at',
] as const satisfies (keyof JobTable)[];

export const jobMigrations: Migrations = {
  '2026-11-21T0100_jobs': {
    up: async (db) => {
      const { double, integer, json, key, text, timestamp } = columnTypes(db);
      await db.schema
        .createTable('jobs')
        .addColumn('id', key(80), (column) => column.primaryKey())
        .addColumn('kind', key(80), (column) => column.notNull())
        .addColumn('state', key(16), (column) => column.notNull())
        .addColumn('progress', double, (column) => column.notNull())
        .addColumn('message', text, (column) => column.notNull())
        .addColumn('attempts', integer, (column) => column.notNull())
        .addColumn('input', json, (column) => column.notNull())
        .addColumn('result', json)
        .addColumn('error', json)
        .addColumn('idempotency_key', key(200))
        .addColumn('cancel_requested', integer, (column) => column.notNull())
        .addColumn('lease_token', key(40))
        .addColumn('lease_owner', key(300))
        .addColumn('lease_until', timestamp)
        .addColumn('created_at', timestamp, (column) => column.notNull())
        .addColumn('started_at', timestamp)
        .addColumn('finished_at', timestamp)
        .execute();
      await db.schema
        .createIndex('jobs_idempotency')
        .on('jobs')
        .columns(['kind', 'idempotency_key'])
        .unique()
        .execute();
      await db.schema.createIndex('jobs_state').on('jobs').columns(['state', 'id']).execute();
    },
  },
  '2026-11-28T1445_job-causes': {
    up: async (db) => {
      const { integer, json, key } = columnTypes(db);
      await db.schema.alterTable('jobs').addColumn('outputs', json).execute();
      await db.schema.alterTable('jobs').addColumn('command_id', key(255)).execute();
      await db.schema.alterTable('jobs').addColumn('reference', key(200)).execute();
      await db.schema
        .alterTable('jobs')
        .addColumn('leases_lost', integer, (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema.createIndex('jobs_command_id').on('jobs').columns(['command_id', 'id']).execute();
      await db.schema.createIndex('jobs_reference').on('jobs').columns(['reference', 'id']).execute();
    },
  },
  '2026-11-28T1617_job-outcomes': {
    up: async (db) => {
      const { integer, json, key, timestamp } = columnTypes(db);
      await db.schema.alterTable('jobs').addColumn('problems', json).execute();
      await db.schema
        .alterTable('jobs')
        .addColumn('retries', integer, (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .alterTable('jobs')
        .addColumn('failures', integer, (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema.alterTable('jobs').addColumn('not_before', timestamp).execute();
      await db.schema
        .createTable('schedules')
        .addColumn('name', key(100), (column) => column.primaryKey())
        .addColumn('planned_at', timestamp, (column) => column.notNull())
        .execute();
    },
  },
};
