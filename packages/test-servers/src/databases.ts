import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import { askBackend } from './ask-backend.ts';

/** A database of its own for a suite. */
export interface TestDatabase {
  /** For `openDatabase`. */
  readonly url: string;
  drop(): Promise<void>;
}

export interface TestDatabases {
  readonly dialect: 'mysql' | 'sqlite';
  /** Makes an empty database that nobody else uses. */
  create(): Promise<TestDatabase>;
}

/**
 * The engines to run a suite on: `describe.each(await databases())('$dialect: ...', ({ create }) => ...)`. Where MySQL cannot
 * be had, the file gets a skipped suite that says so.
 */
export async function databases(): Promise<TestDatabases[]> {
  const server = await askBackend('shared', 'mariadb');
  const sqlite: TestDatabases = { dialect: 'sqlite', create: createSqlite };
  if (server === undefined) return [sqlite];
  return [sqlite, { dialect: 'mysql', create: () => createMysql(server) }];
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(inject('testServers').folder, 'sqlite-'));
  return {
    url: `sqlite:${join(folder, 'test.db')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function createMysql(server: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = new URL(server);
  url.pathname = name;
  await administer(server, `create database \`${name}\``);
  return { url: url.href, drop: () => administer(server, `drop database if exists \`${name}\``) };
}

async function administer(server: string, statement: string): Promise<void> {
  const { hostname, port, username, password } = new URL(server);
  const connection = await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
