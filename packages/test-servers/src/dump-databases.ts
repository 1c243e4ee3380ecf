import { type Connection, createConnection, escapeId, escape as literal, type RowDataPacket } from 'mysql2/promise';

const system = ['information_schema', 'mysql', 'performance_schema', 'sys'];
const rowsPerStatement = 500;

/** Everything in a server's own databases as SQL that makes it again: tables with their rows, nothing of the server itself. */
export async function dumpDatabases(url: string): Promise<string> {
  const connection = await connect(url);
  try {
    const statements = ['set names utf8mb4', 'set foreign_key_checks = 0'];
    for (const { SCHEMA_NAME: database } of await all(
      connection,
      'select SCHEMA_NAME from information_schema.SCHEMATA',
    )) {
      if (system.includes(String(database).toLowerCase())) continue;
      const [made] = await all(connection, `show create database ${escapeId(String(database))}`);
      statements.push(String(made?.['Create Database']), `use ${escapeId(String(database))}`);
      await connection.query(`use ${escapeId(String(database))}`);
      for (const table of await all(connection, 'show tables')) {
        statements.push(...(await dumpTable(connection, String(Object.values(table)[0]))));
      }
    }
    return `${statements.join(';\n')};\n`;
  } finally {
    await connection.end();
  }
}

/** Makes what `dumpDatabases` wrote, on a server that has nothing of the same name. */
export async function restoreDatabases(url: string, dump: string): Promise<void> {
  const connection = await connect(url);
  try {
    await connection.query(dump);
  } finally {
    await connection.end();
  }
}

function connect(url: string): Promise<Connection> {
  const { hostname, port, username, password } = new URL(url);
  return createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    multipleStatements: true,
    charset: 'utf8mb4',
    // Values are written as they are stored, not as JavaScript would show them.
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
}

async function dumpTable(connection: Connection, table: string): Promise<string[]> {
  const [made] = await all(connection, `show create table ${escapeId(table)}`);
  const rows = await all(connection, `select * from ${escapeId(table)}`);
  const statements = [String(made?.['Create Table'])];
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    const values = rows.slice(from, from + rowsPerStatement).map(
      (row) =>
        `(${Object.values(row)
          .map((value) => literal(value))
          .join(', ')})`,
    );
    statements.push(`insert into ${escapeId(table)} values\n${values.join(',\n')}`);
  }
  return statements;
}

type Value = Parameters<typeof literal>[0];

async function all(connection: Connection, query: string): Promise<Record<string, Value>[]> {
  const [rows] = await connection.query<RowDataPacket[]>(query);
  return rows;
}
