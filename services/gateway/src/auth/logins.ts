import { type Login, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { GatewayTables } from '../db/tables.ts';
import { createSecret, hashSecret } from './tokens.ts';

/** Where a login is used from. */
export interface LoginPlace {
  readonly address: string;
  readonly agent: string | undefined;
}

/** An access token runs out within a day; until then its login is known, so that a user who was changed need not log in at once. */
const keptMs = 86_400_000;

const touchMs = 300_000;

/** What is known of a place, as the table holds it. */
export const placeColumns = ({ address, agent }: LoginPlace) => ({ address, agent: agent?.slice(0, 200) ?? null });

/** Ends logins of a user, all but one: nothing that they were given opens anything any more. */
export const endLogins = async (
  transaction: Transaction<GatewayTables>,
  userId: number,
  except = '',
): Promise<void> => {
  await transaction.deleteFrom('refresh_tokens').where('user_id', '=', userId).where('family', '<>', except).execute();
  await transaction.deleteFrom('logins').where('user_id', '=', userId).where('id', '<>', except).execute();
};

/**
 * Logins: of each come refresh tokens and access tokens, which end with it.
 *
 * @param onChange what was found out about who calls may be wrong now
 */
export const createLogins = (database: Database<GatewayTables>, clock: () => Date, onChange: () => void) => {
  const end = async (id: string, userId?: number): Promise<boolean> => {
    const ended = await database.transaction(async (transaction) => {
      const logins = transaction.deleteFrom('logins').where('id', '=', id);
      const { numDeletedRows } = await (userId === undefined
        ? logins
        : logins.where('user_id', '=', userId)
      ).executeTakeFirstOrThrow();
      if (numDeletedRows > 0n) await transaction.deleteFrom('refresh_tokens').where('family', '=', id).execute();
      return numDeletedRows > 0n;
    });
    onChange();
    return ended;
  };

  return {
    end: (id: string) => end(id),

    /** @throws ServiceError 404 for a login that is none of this user */
    endOwn: async (userId: number, id: string): Promise<void> => {
      if (!(await end(id, userId))) throw new ServiceError(404, 'gateway.unknown_login', `You have no login ${id}.`);
    },

    isOpen: async (id: string): Promise<boolean> =>
      (await database.query.selectFrom('logins').select('id').where('id', '=', id).executeTakeFirst()) !== undefined,

    /** Gives a login a cookie. @returns its value, of which only the hash is kept */
    giveCookie: async (id: string): Promise<string> => {
      const secret = createSecret();
      await database.query
        .updateTable('logins')
        .set({ cookie: hashSecret(secret) })
        .where('id', '=', id)
        .execute();
      return secret;
    },

    /** @returns the login of a cookie; undefined when it has ended */
    findByCookie: async (secret: string, place: LoginPlace) => {
      const now = clock().toISOString();
      const row = await database.query
        .selectFrom('logins')
        .select(['id', 'user_id', 'last_used_at', 'expires_at'])
        .where('cookie', '=', hashSecret(secret))
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      // A write for every request is not worth more than the minutes.
      if (row.last_used_at === null || Date.parse(row.last_used_at) + touchMs <= clock().getTime()) {
        const used = { last_used_at: now, ...placeColumns(place) };
        await database.query.updateTable('logins').set(used).where('id', '=', row.id).execute();
      }
      return { id: row.id, userId: row.user_id, expiresMs: Date.parse(row.expires_at) };
    },

    /** @param current the login with which they ask */
    list: async (userId: number, current: string | undefined): Promise<Login[]> => {
      const rows = await database.query
        .selectFrom('logins')
        .selectAll()
        .where('user_id', '=', userId)
        .where('expires_at', '>', clock().toISOString())
        .orderBy('last_used_at', 'desc')
        .execute();
      return rows.map(({ user_id, cookie, ...row }) => ({ ...row, current: row.id === current }));
    },

    prune: () =>
      database.query
        .deleteFrom('logins')
        .where('expires_at', '<', new Date(clock().getTime() - keptMs).toISOString())
        .execute(),
  };
};
export type Logins = ReturnType<typeof createLogins>;
