import { ServiceError } from '@vindima/contracts';

/** What both drivers put on their errors, as far as it is there. */
interface DriverError extends Error {
  readonly code?: string;
  /** MySQL's error number. */
  readonly errno?: number;
  /** MySQL: the connection is gone. */
  readonly fatal?: boolean;
  /** SQLite's extended result code. */
  readonly errcode?: number;
}

const MYSQL_DUPLICATE = 1062;
// Deadlock, lock wait time-out, and MariaDB's "record has changed since last read".
const MYSQL_RETRYABLE = new Set([1213, 1205, 1020]);
// The server is shutting down, killed the connection or has no room for another one.
const MYSQL_UNAVAILABLE = new Set([1040, 1053, 1077, 1079, 1203, 1927, 3169]);
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'database.connection_lost',
]);
// Low byte of SQLite's result code: SQLITE_BUSY, SQLITE_LOCKED (https://www.sqlite.org/rescode.html).
const SQLITE_RETRYABLE = new Set([5, 6]);
// SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY, _ROWID.
const SQLITE_DUPLICATE = new Set([2067, 1555, 2579]);

/** Whether `error`, from either engine, says that a row with the same key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  const { errno, errcode } = asDriverError(error);
  return errno === MYSQL_DUPLICATE || (errcode !== undefined && SQLITE_DUPLICATE.has(errcode));
}

/** Whether the transaction lost against another one and may win when it is tried again. */
export function isContention(error: unknown): boolean {
  const { errno } = asDriverError(error);
  return (errno !== undefined && MYSQL_RETRYABLE.has(errno)) || isSqliteBusy(error);
}

/** Whether another connection holds the lock that a SQLite statement needs. */
export function isSqliteBusy(error: unknown): boolean {
  const { errcode } = asDriverError(error);
  return errcode !== undefined && SQLITE_RETRYABLE.has(errcode & 0xff);
}

/** Whether the server could not be reached, or was lost while it worked. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, errno } = asDriverError(error);
  return (code !== undefined && SOCKET_ERRORS.has(code)) || (errno !== undefined && MYSQL_UNAVAILABLE.has(errno));
}

/** @returns the number of MySQL's error, if it is one. */
export function mysqlErrorNumber(error: unknown): number | undefined {
  return asDriverError(error).errno;
}

/** The error for a database that is gone for now; work that failed with it may be tried again. */
export function connectionLost(cause: unknown): ServiceError {
  return new ServiceError(503, 'database.connection_lost', 'the connection to the database was lost', { cause });
}

/** The error for a database that this process has closed. */
export function databaseClosed(): ServiceError {
  return new ServiceError(503, 'database.closed', 'the database is closed: the service is stopping');
}

function asDriverError(error: unknown): Partial<DriverError> {
  return error instanceof Error ? (error as DriverError) : {};
}
