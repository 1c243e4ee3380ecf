import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { type Connection, createConnection } from 'mysql2/promise';
import type { MysqlAddress } from '../database-url.ts';

/** A pool on the service's database. It opens connections when they are asked for. */
export function createMysqlPool(address: MysqlAddress, poolSize: number): Pool {
  return createPool({ ...options(address), database: address.database, connectionLimit: poolSize });
}

/** One connection to the server, in no database. */
export function connectToServer(address: MysqlAddress): Promise<Connection> {
  return createConnection(options(address));
}

function options({ host, port, user, password, tls }: MysqlAddress): PoolOptions {
  return {
    host,
    port,
    user,
    password,
    ...(tls ? { ssl: {} } : {}),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    connectTimeout: 10_000,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
  };
}
