import { ServiceError } from './errors.ts';

/** What drivers put on an error, as far as it is there. */
interface DriverError extends Error {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly errcode?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

/** Codes of the file system, and the names that S3 servers give it. */
const names = new Set<unknown>([
  'ENOSPC',
  'EDQUOT',
  'XMinioStorageFull',
  'XMinioStorageQuotaExceeded',
  'QuotaExceeded',
  'InsufficientStorage',
]);
/** MySQL and MariaDB: disk full, table full, no room to create a table space (https://dev.mysql.com/doc/mysql-errors/8.4/en/). */
const mysqlNumbers = new Set<unknown>([1021, 1114, 3675]);
/** SQLITE_FULL; SQLITE_IOERR_WRITE and _SHMSIZE, as which a full disk shows in the write-ahead log (https://www.sqlite.org/rescode.html). */
const sqliteNumbers = new Set<unknown>([13, 778, 4874]);
/** JetStream: insufficient resources, and the storage of the server or the account used up (nats-server, server/errors.json). */
const jetStreamNumbers = new Set<unknown>([10023, 10028, 10047]);
/** The operating system's words, as MySQL's 3, 1026 and 1030, DuckDB and JetStream's store pass them on; SQLite's own, where a thread has lost the code. */
const words = /no space left on device|database or disk is full|disk quota exceeded|\b(errno|error):? 28\b/i;
const longestChain = 8;

/** Whether an error, or what caused it, says that there is no room left: on a disk, in a database, a bucket or a stream. */
export const isNoSpace = (error: unknown): boolean => {
  let current = error;
  for (let step = 0; step < longestChain && current instanceof Error; step += 1) {
    if (current instanceof ServiceError ? current.status === 507 : says(current)) return true;
    current = current.cause;
  }
  return false;
};

const says = (error: DriverError): boolean =>
  names.has(error.code) ||
  names.has(error.name) ||
  mysqlNumbers.has(error.errno) ||
  sqliteNumbers.has(error.errcode) ||
  jetStreamNumbers.has(error.code) ||
  error.$metadata?.httpStatusCode === 507 ||
  words.test(error.message);

/** What whoever wants to write is told where there is no room. */
export const noSpace = (service: string, cause?: unknown): ServiceError =>
  new ServiceError(
    507,
    `${service}.no_space`,
    'There is no room left to write this; what is there can still be read. Free some space and try again.',
    { cause, headers: { 'retry-after': '30' } },
  );
