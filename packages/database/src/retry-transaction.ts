import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import type { Kysely, Transaction } from 'kysely';
import { isContention } from './errors.ts';

const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/**
 * Runs a transaction, and again when it lost against another one: a deadlock, a lock wait time-out, a busy file. The
 * pauses between grow and are random, so that the same two do not meet again.
 *
 * A connection lost in the middle is not retried: whether the commit happened is not known.
 *
 * @throws ServiceError `database.busy` when eight attempts lost; whatever `work` throws.
 */
export async function retryTransaction<Schema, Result>(
  query: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await query.transaction().execute(work);
    } catch (error) {
      if (!isContention(error)) throw error;
      if (attempt === ATTEMPTS) {
        const message = `the transaction lost against others ${ATTEMPTS} times`;
        throw new ServiceError(503, 'database.busy', message, { cause: error });
      }
    }
    await delay(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * Math.random());
  }
}
