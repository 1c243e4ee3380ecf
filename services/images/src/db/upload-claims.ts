import { randomUUID } from 'node:crypto';
import { type Database, insertIgnore } from '@vindima/database';
import type { Logger } from '@vindima/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { ImagesTables } from './tables.ts';

/** The right to store and tag some bytes, kept until it is released or its process dies. */
export interface UploadClaim {
  /** Gives the bytes free in the transaction that makes their image known. */
  release(transaction: Transaction<ImagesTables>): Promise<void>;
  /** Gives them free whatever became of them. Never rejects: a claim that cannot be released runs out. */
  end(): Promise<void>;
}

/** How long the claim of a process that was killed keeps others waiting. */
export const leaseMs = 15_000;

/**
 * Lets one replica at a time work on the same bytes, so that no two have them billed. A claim is a row with a lease: renewed while its
 * process lives, free for the next one when it was killed. The clocks of the replicas may differ by a few seconds.
 */
export const createUploadClaims = (database: Database<ImagesTables>, clock: () => Date, logger: Logger) => {
  const timestamp = (offsetMs: number): string => new Date(clock().getTime() + offsetMs).toISOString();

  /** In a transaction, because engines may sacrifice one of several that insert or delete the same row: it is tried again. */
  const take = (sha256: string, token: string): Promise<boolean> =>
    database.transaction(async (transaction) => {
      const claim = { sha256, token, expires_at: timestamp(leaseMs) };
      const held = await transaction
        .selectFrom('upload_claims')
        .selectAll()
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      if (held === undefined) return (await insertIgnore(transaction, 'upload_claims', [claim])) === 1;
      if (held.expires_at >= timestamp(0)) return false;
      const { numUpdatedRows } = await transaction
        .updateTable('upload_claims')
        .set(claim)
        .where('sha256', '=', sha256)
        .where('token', '=', held.token)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    });

  const renew = async (token: string): Promise<void> => {
    try {
      await database.query
        .updateTable('upload_claims')
        .set({ expires_at: timestamp(leaseMs) })
        .where('token', '=', token)
        .execute();
    } catch (error) {
      logger.warn({ err: error }, 'the claim on an upload could not be renewed; another replica may begin it too');
    }
  };

  return {
    /** @returns undefined while somebody else has it */
    async take(sha256: string): Promise<UploadClaim | undefined> {
      const token = randomUUID();
      if (!(await take(sha256, token))) return undefined;
      const timer = setInterval(() => void renew(token), leaseMs / 3).unref();
      const release = async (query: Kysely<ImagesTables>): Promise<void> => {
        await query.deleteFrom('upload_claims').where('sha256', '=', sha256).where('token', '=', token).execute();
      };
      return {
        release,
        async end() {
          clearInterval(timer);
          await release(database.query).catch((error: unknown) => {
            logger.warn({ err: error }, 'the claim on an upload could not be released; it will run out');
          });
        },
      };
    },
    /** Removes the claims that killed processes left on bytes which nobody has brought again. */
    async prune(): Promise<void> {
      await database.query.deleteFrom('upload_claims').where('expires_at', '<', timestamp(0)).execute();
    },
  };
};

export type UploadClaims = ReturnType<typeof createUploadClaims>;
