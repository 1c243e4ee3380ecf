import { autoIncrement, columnTypes, type Migrations } from '@vindima/database';
import { sql } from 'kysely';

export const gatewayMigrations: Migrations = {
  '2026-11-21T0800_gateway': {
    up: async (db) => {
      const { id, integer, json, key, text, timestamp } = columnTypes(db);
      await db.schema
        .createTable('users')
        .addColumn('id', id, autoIncrement)
        .addColumn('username', key(64), (column) => column.notNull().unique())
        .addColumn('role', key(16), (column) => column.notNull())
        .addColumn('password', text, (column) => column.notNull())
        .addColumn('disabled', integer, (column) => column.notNull())
        .addColumn('created_at', timestamp, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('refresh_tokens')
        .addColumn('hash', key(64), (column) => column.primaryKey())
        .addColumn('family', key(40), (column) => column.notNull())
        .addColumn('user_id', integer, (column) => column.notNull())
        .addColumn('expires_at', timestamp, (column) => column.notNull())
        .addColumn('used_at', timestamp)
        .execute();
      await db.schema.createIndex('refresh_tokens_family').on('refresh_tokens').column('family').execute();
      await db.schema.createIndex('refresh_tokens_user').on('refresh_tokens').column('user_id').execute();
      await db.schema.createIndex('refresh_tokens_end').on('refresh_tokens').column('expires_at').execute();
      await db.schema
        .createTable('api_keys')
        .addColumn('id', key(40), (column) => column.primaryKey())
        .addColumn('hash', key(64), (column) => column.notNull())
        .addColumn('name', key(100), (column) => column.notNull())
        .addColumn('scopes', json, (column) => column.notNull())
        .addColumn('created_by', key(80), (column) => column.notNull())
        .addColumn('created_at', timestamp, (column) => column.notNull())
        .addColumn('last_used_at', timestamp)
        .addColumn('expires_at', timestamp)
        .addColumn('revoked_at', timestamp)
        .execute();
      await db.schema
        .createTable('audit')
        .addColumn('id', id, autoIncrement)
        .addColumn('at', timestamp, (column) => column.notNull())
        .addColumn('who', key(100), (column) => column.notNull())
        .addColumn('method', key(10), (column) => column.notNull())
        .addColumn('path', text, (column) => column.notNull())
        .addColumn('service', key(40), (column) => column.notNull())
        .addColumn('status', integer, (column) => column.notNull())
        .addColumn('request_id', key(120), (column) => column.notNull())
        .addColumn('address', key(64), (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('settings')
        .addColumn('name', key(64), (column) => column.primaryKey())
        .addColumn('value', text, (column) => column.notNull())
        .execute();
    },
  },
  '2026-11-27T0300_audit_detail': {
    up: async (db) => {
      await db.schema.alterTable('audit').addColumn('detail', columnTypes(db).key(500)).execute();
    },
  },
  '2026-11-28T1500_logins_ended': {
    up: async (db) => {
      await db.schema.alterTable('users').addColumn('logins_ended_at', columnTypes(db).timestamp).execute();
    },
  },
  '2026-11-28T1620_logins': {
    up: async (db) => {
      const { integer, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('logins')
        .addColumn('id', key(40), (column) => column.primaryKey())
        .addColumn('user_id', integer, (column) => column.notNull())
        .addColumn('created_at', timestamp)
        .addColumn('last_used_at', timestamp)
        .addColumn('address', key(64))
        .addColumn('agent', key(200))
        .addColumn('expires_at', timestamp, (column) => column.notNull())
        .execute();
      await db.schema.createIndex('logins_user').on('logins').column('user_id').execute();
      // Who is logged in stays so.
      await sql`insert into logins (id, user_id, expires_at)
        select family, user_id, max(expires_at) from refresh_tokens group by family, user_id`.execute(db);
      await db.schema.alterTable('api_keys').addColumn('owner', key(80)).execute();
    },
  },
  '2026-11-28T1630_session-cookies': {
    up: async (db) => {
      await db.schema.alterTable('logins').addColumn('cookie', columnTypes(db).key(64)).execute();
      await db.schema.createIndex('logins_cookie').on('logins').column('cookie').execute();
    },
  },
};
