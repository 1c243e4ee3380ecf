import { ServiceError } from '@vindima/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { MysqlAddress } from '../database-url.ts';
import { mysqlErrorNumber } from '../errors.ts';
import { connectToServer } from './create-pool.ts';

// Access denied: to the server's databases, to this one, for this command.
const DENIED = new Set([1044, 1142, 1227]);

/**
 * Creates the service's database if it is not there, and makes its texts compare exactly: case, accents and trailing
 * blanks count, as they do in SQLite. A database that somebody else made with another collation is changed; that
 * concerns only tables made from then on.
 *
 * @throws ServiceError `database.missing` or `database.collation` with the statement an administrator must run; the
 * driver's error when the server cannot be reached or refuses the password.
 */
export async function ensureMysqlDatabase(address: MysqlAddress): Promise<void> {
  const connection = await connectToServer(address);
  try {
    const { database } = address;
    const exact = await exactCollation(connection);
    const found = await collationOf(connection, database);
    if (found === exact) return;
    const statement = `${found === undefined ? 'create database if not exists' : 'alter database'} \`${database}\` character set utf8mb4 collate ${exact}`;
    try {
      await connection.query(statement);
    } catch (error) {
      if (!DENIED.has(mysqlErrorNumber(error) ?? 0)) throw error;
      throw found === undefined
        ? refused(
            'database.missing',
            `the database "${database}" is not there and may not be created`,
            statement,
            error,
          )
        : refused('database.collation', `texts in "${database}" compare as ${found}, not exactly`, statement, error);
    }
  } finally {
    await connection.end();
  }
}

/** The collation that compares code points and pads nothing; the two servers name it differently. */
async function exactCollation(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>('select version() as version');
  return /mariadb/i.test(String(rows[0]?.version)) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
}

async function collationOf(connection: Connection, database: string): Promise<string | undefined> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'select default_collation_name as collation_name from information_schema.schemata where schema_name = ?',
    [database],
  );
  return rows[0]?.collation_name;
}

function refused(code: string, what: string, statement: string, cause: unknown): ServiceError {
  return new ServiceError(500, code, `${what}; an administrator must run: ${statement}`, { cause });
}
