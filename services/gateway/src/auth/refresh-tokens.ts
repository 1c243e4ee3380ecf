import { randomUUID } from 'node:crypto';
import type { Database } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { GatewayTables } from '../db/tables.ts';
import { type LoginPlace, type Logins, placeColumns } from './logins.ts';
import { createSecret, hashSecret } from './tokens.ts';

const dayMs = 86_400_000;

/** What became of a refresh token that somebody sent; whose it is, where it is one. */
export type Rotation =
  | { readonly outcome: 'rotated'; readonly userId: number; readonly token: string; readonly login: string }
  /** It came a second time, and its login was ended. */
  | { readonly outcome: 'reused'; readonly userId: number }
  | { readonly outcome: 'expired'; readonly userId: number }
  | { readonly outcome: 'unknown' };

/**
 * Refresh tokens that are good once: each gives the next one. When one comes a second time, somebody has a copy of it, and
 * nobody can say who: all tokens of that login end (RFC 9700, 4.14.2).
 */
export const createRefreshTokens = (
  database: Database<GatewayTables>,
  days: number,
  clock: () => Date,
  logins: Pick<Logins, 'end'>,
) => {
  const nextEnd = () => new Date(clock().getTime() + days * dayMs).toISOString();
  const issue = async (transaction: Transaction<GatewayTables>, userId: number, family: string) => {
    const token = createSecret();
    const expires_at = nextEnd();
    await transaction
      .insertInto('refresh_tokens')
      .values({ hash: hashSecret(token), family, user_id: userId, expires_at, used_at: null })
      .execute();
    return token;
  };

  return {
    /** Begins a login. */
    issue: (userId: number, place: LoginPlace): Promise<{ token: string; login: string }> =>
      database.transaction(async (transaction) => {
        const login = randomUUID();
        const now = clock().toISOString();
        const row = { id: login, user_id: userId, created_at: now, last_used_at: now, expires_at: nextEnd() };
        await transaction
          .insertInto('logins')
          .values({ ...row, ...placeColumns(place) })
          .execute();
        return { login, token: await issue(transaction, userId, login) };
      }),

    rotate: async (token: string, place: LoginPlace): Promise<Rotation> => {
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
        if (claimed.numUpdatedRows === 0n) return undefined;
        await transaction
          .updateTable('logins')
          .set({ last_used_at: now, expires_at: nextEnd(), ...placeColumns(place) })
          .where('id', '=', row.family)
          .execute();
        return issue(transaction, userId, row.family);
      });
      if (next === undefined) {
        await logins.end(row.family);
        return { outcome: 'reused', userId };
      }
      return { outcome: 'rotated', userId, token: next, login: row.family };
    },

    /**
     * Ends the login that the token came of.
     *
     * @returns whose it was; undefined for a token that is none
     */
    revoke: async (token: string): Promise<number | undefined> => {
      const row = await database.query
        .selectFrom('refresh_tokens')
        .select(['family', 'user_id'])
        .where('hash', '=', hashSecret(token))
        .executeTakeFirst();
      if (row !== undefined) await logins.end(row.family);
      return row?.user_id;
    },
    /** Ends the logins of a user; access tokens run out, with what the user may now. */
    revokeUser: (userId: number) =>
      database.transaction(async (transaction) => {
        await transaction.deleteFrom('refresh_tokens').where('user_id', '=', userId).execute();
        const ended = { expires_at: clock().toISOString() };
        await transaction.updateTable('logins').set(ended).where('user_id', '=', userId).execute();
      }),
    prune: () => database.query.deleteFrom('refresh_tokens').where('expires_at', '<', clock().toISOString()).execute(),
  };
};
export type RefreshTokens = ReturnType<typeof createRefreshTokens>;
