import { type Dialect, type Driver, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';

class TwoConnectionsAdapter extends SqliteAdapter {
  /** The driver queues its writers itself; Kysely would queue the readers behind them. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** Schema changes are transactional in SQLite: migrations run in one transaction, which is their lock as well. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Kysely's SQLite dialect around a driver of ours. */
export function createSqliteDialect(driver: Driver): Dialect {
  return {
    createDriver: () => driver,
    createAdapter: () => new TwoConnectionsAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (query) => new SqliteIntrospector(query),
  };
}
