import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import type { MysqlAddress } from '../database-url.ts';
import { isConnectionLoss, mysqlErrorNumber } from '../errors.ts';
import type { DatabaseLogger } from '../open-database.ts';

const ACCESS_DENIED = 1045;
const LONGEST_PAUSE_MS = 2000;

export interface WaitOptions {
  readonly waitMs: number;
  readonly logger: DatabaseLogger | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Does the first work on a server, again and again while it cannot be reached: a service may start before its database.
 *
 * @throws ServiceError `database.unreachable` after `waitMs`, `database.access_denied` at once.
 */
export async function waitForServer(
  { host, port, user }: MysqlAddress,
  work: () => Promise<void>,
  { waitMs, logger, signal }: WaitOptions,
): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (let attempt = 1, pause = 100; ; attempt += 1, pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (mysqlErrorNumber(error) === ACCESS_DENIED) {
        const message = `the database server at ${host}:${port} refused the user "${user}" or its password`;
        throw new ServiceError(500, 'database.access_denied', message, { cause: error });
      }
      if (!isConnectionLoss(error)) throw error;
      if (performance.now() + pause > deadline) {
        const reason = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
        const message = `no database server answered at ${host}:${port} within ${waitMs / 1000} s${reason}`;
        throw new ServiceError(503, 'database.unreachable', message, { cause: error });
      }
      if (attempt === 1) logger?.warn({ host, port, err: error }, 'waiting for the database');
    }
    await delay(pause, undefined, signal === undefined ? {} : { signal });
  }
}
