import type { Door } from './door.ts';

type Columns = Record<string, string[]>;

/** `METHOD /path` of everything that the gateway's document names. */
export const operationsOf = async (door: Door): Promise<string[]> => {
  const { paths } = await door.ask<{ paths: Record<string, object> }>('/openapi.json');
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .sort();
};

/** The names in an answer of `/metrics`. */
export const metricsOf = async (url: string, internalToken: string, admin: Door): Promise<string[]> => {
  const { authorization = '' } = admin.headers;
  const answer = await fetch(`${url}/metrics`, { headers: { 'x-internal-token': internalToken, authorization } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}/metrics: ${answer.status} ${text}`);
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name).sort();
};

/** Of an SQLite file: its tables and their columns, and the migrations that were applied. */
export const readSqlite = async (file: string): Promise<{ columns: Columns; migrations: string[] }> => {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const all = (query: string) =>
      database
        .prepare(query)
        .all()
        .map(({ name }) => String(name));
    const tables = all(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
    );
    return {
      columns: Object.fromEntries(tables.map((table) => [table, all(`pragma table_info("${table}")`).sort()])),
      migrations: tables.includes('kysely_migration') ? all('select name from kysely_migration order by name') : [],
    };
  } finally {
    database.close();
  }
};
