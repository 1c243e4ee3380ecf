import { randomUUID } from 'node:crypto';
import type { Database } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { GatewayTables } from '../db/tables.ts';
import { createSecret, hashSecret } from './tokens.ts';

const dayMs = 86_400_000;

/** What became of a refresh token that somebody sent; whose it is, where it is one. */
export type Rotation =
  | { readonly outcome: 'rotated'; readonly userId: number; readonly token: string }
  /** It came a second time, and its login was ended. */
  | { readonly outcome: 'reused'; readonly userId: number }
  | { readonly outcome: 'expired'; readonly userId: number }
  | { readonly outcome: 'unknown' };

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

    rotate: async (token: string): Promise<Rotation> => {
      const hash = hashSecret(token);
      const now = clock().toISOString();
      const row = await database.query
        .selectFrom('refresh_tokens')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return { outcome: 'unknown' };
      const userId = row.user_id;
      if (row.expires_at <= now) return { outcome: 'expired', userId };
      const next = await database.transaction(async (transaction) => {
        const claimed = await transaction
          .updateTable('refresh_tokens')
          .set({ used_at: now })
          .where('hash', '=', hash)
          .where('used_at', 'is', null)
          .executeTakeFirst();
        return claimed.numUpdatedRows === 1n ? issue(transaction, userId, row.family) : undefined;
      });
      if (next === undefined) {
        await endFamily(row.family);
        return { outcome: 'reused', userId };
      }
      return { outcome: 'rotated', userId, token: next };
    },

    /**
     * Ends all tokens of the login that the token came of.
     *
     * @returns whose it was; undefined for a token that is none
     */
    revoke: async (token: string): Promise<number | undefined> => {
      const row = await database.query
        .selectFrom('refresh_tokens')
        .select(['family', 'user_id'])
        .where('hash', '=', hashSecret(token))
        .executeTakeFirst();
      if (row !== undefined) await endFamily(row.family);
      return row?.user_id;
    },
    revokeUser: (userId: number) => database.query.deleteFrom('refresh_tokens').where('user_id', '=', userId).execute(),
    prune: () => database.query.deleteFrom('refresh_tokens').where('expires_at', '<', clock().toISOString()).execute(),
  };
};
export type RefreshTokens = ReturnType<typeof createRefreshTokens>;
