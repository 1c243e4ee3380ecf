import { ServiceError } from '@vindima/contracts';
import { Kysely } from 'kysely';
import { parseDatabaseUrl } from './database-url.ts';
import { createMysqlPool } from './mysql/create-pool.ts';
import { createMysqlDialect } from './mysql/mysql-dialect.ts';
import { MysqlDriver } from './mysql/mysql-driver.ts';
import { TrackedDriver } from './tracked-driver.ts';

/**
 * Opens another program's MySQL database to read it: nothing is created and nothing is migrated.
 * @throws ServiceError `database.invalid_url`
 */
export const openForeignDatabase = <Schema>(url: string, name: string) => {
  const address = parseDatabaseUrl(url, name);
  if (address.dialect !== 'mysql') {
    throw new ServiceError(
      400,
      'database.invalid_url',
      'the database is read from mysql://user:password@host:3306/name',
    );
  }
  const driver = new TrackedDriver(new MysqlDriver(createMysqlPool(address, 1)));
  const query = new Kysely<Schema>({ dialect: createMysqlDialect(driver, address.database) });
  return { query, close: () => driver.destroy() };
};
