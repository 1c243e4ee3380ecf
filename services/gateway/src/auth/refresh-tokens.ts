import { randomUUID } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { GatewayTables } from '../db/tables.ts';
import { createSecret, hashSecret } from './tokens.ts';

const dayMs = 86_400_000;
const refused = () =>
  new ServiceError(401, 'gateway.invalid_refresh_token', 'The refresh token is not valid; log in again.');

/**
 * Refresh tokens that are good once: each gives the next one. When one comes a second time, somebody has a copy of it, and
 * nobody can say who: all tokens of that login end (RFC 9700, 4.14.2).
 */
export const createRefreshTokens = (database: Database<GatewayTables>, days: number, clock: () => Date) => {
  const issue = async (transaction: Transaction<GatewayTables>, userId: number, family: string = randomUUID()) => {
    const token = createSecret();
    const expires_at = new Date(clock().getTime() + days * dayMs).toISOString();
    await transaction
      .insertInto('refresh_tokens')
      .values({ hash: hashSecret(token), family, user_id: userId, expires_at, used_at: null })
      .execute();
    return token;
  };

  const endFamily = (family: string) =>
    database.query.deleteFrom('refresh_tokens').where('family', '=', family).execute();

  return {
    issue: (userId: number) => database.transaction((transaction) => issue(transaction, userId)),

    /** @throws ServiceError 401 */
    rotate: async (token: string): Promise<{ userId: number; token: string }> => {
      const hash = hashSecret(token);
      const now = clock().toISOString();
      const row = await database.query
        .selectFrom('refresh_tokens')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined || row.expires_at <= now) throw refused();
      const next = await database.transaction(async (transaction) => {
        const claimed = await transaction
          .updateTable('refresh_tokens')
          .set({ used_at: now })
          .where('hash', '=', hash)
          .where('used_at', 'is', null)
          .executeTakeFirst();
        return claimed.numUpdatedRows === 1n ? issue(transaction, row.user_id, row.family) : undefined;
      });
      if (next === undefined) {
        await endFamily(row.family);
        throw refused();
      }
      return { userId: row.user_id, token: next };
    },

    /** Ends all tokens of the login that the token came of. */
    revoke: async (token: string) => {
      const row = await database.query
        .selectFrom('refresh_tokens')
        .select('family')
        .where('hash', '=', hashSecret(token))
        .executeTakeFirst();
      if (row !== undefined) await endFamily(row.family);
    },
    revokeUser: (userId: number) => database.query.deleteFrom('refresh_tokens').where('user_id', '=', userId).execute(),
    prune: () => database.query.deleteFrom('refresh_tokens').where('expires_at', '<', clock().toISOString()).execute(),
  };
};
export type RefreshTokens = ReturnType<typeof createRefreshTokens>;
