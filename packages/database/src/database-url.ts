import { ServiceError } from '@vindima/contracts';

export interface MysqlAddress {
  readonly dialect: 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Whether the connection must be encrypted and the server's certificate valid (`?tls=true`). */
  readonly tls: boolean;
}

export interface SqliteAddress {
  readonly dialect: 'sqlite';
  /** A file, or `:memory:`. */
  readonly path: string;
}

export type DatabaseAddress = MysqlAddress | SqliteAddress;

const EXPECTED = 'expected mysql://user:password@host:3306/name, sqlite:path/to/file.db or sqlite::memory:';
const DATABASE_NAME = /^[A-Za-z0-9_$-]{1,64}$/;

/**
 * Reads a DATABASE_URL. A MySQL URL without a database name, or a SQLite path that ends in `/`, means the service's own.
 *
 * @throws ServiceError `database.invalid_url`, whose message never holds the URL: it may hold a password.
 */
export function parseDatabaseUrl(url: string, service: string): DatabaseAddress {
  if (url.startsWith('sqlite:')) return parseSqlite(url.slice('sqlite:'.length), service);
  if (/^(mysql|mariadb):\/\//.test(url)) return parseMysql(url, service);
  throw invalid(`the database URL has an unknown form: ${EXPECTED}`);
}

function parseSqlite(rest: string, service: string): SqliteAddress {
  const path = rest.startsWith('//') ? rest.slice(2) : rest;
  if (path === '' || path.includes('\0')) throw invalid(`the database URL names no file: ${EXPECTED}`);
  if (path.includes('?')) throw invalid('a sqlite: URL takes no options');
  return { dialect: 'sqlite', path: path.endsWith('/') ? `${path}${service}.db` : path };
}

function parseMysql(text: string, service: string): MysqlAddress {
  if (!URL.canParse(text)) throw invalid(`the database URL cannot be read: ${EXPECTED}`);
  const url = new URL(text);
  const database = decode(url.pathname.slice(1)) || service;
  if (!DATABASE_NAME.test(database)) {
    throw invalid(`"${database}" is not a usable database name: 1 to 64 letters, digits, "_", "$" or "-"`);
  }
  for (const [name, value] of url.searchParams) {
    if (name !== 'tls' || !['true', 'false'].includes(value)) {
      throw invalid(`the database URL has an unknown option "${name}": only tls=true or tls=false is known`);
    }
  }
  return {
    dialect: 'mysql',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: url.port === '' ? 3306 : Number(url.port),
    user: decode(url.username) || 'root',
    password: decode(url.password),
    database,
    tls: url.searchParams.get('tls') === 'true',
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('the database URL holds a "%" that is not an escape: write it as %25');
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError(500, 'database.invalid_url', message);
}
