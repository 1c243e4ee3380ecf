import { ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { GatewayTables } from '../db/tables.ts';
import { assertAdminRemains } from './admin-remains.ts';
import { endLogins } from './logins.ts';
import { nameOfUser } from './principal.ts';

/**
 * Deletes a user with their logins, and revokes the keys that are theirs: those they made or were given, unless they were handed on. The keys stay
 * in the list, as whoever uses them wants to know why they end.
 *
 * @returns the ids of the keys
 * @throws ServiceError 404, or 409 for the last admin
 */
export const removeUser = (database: Database<GatewayTables>, now: Date, id: number): Promise<string[]> =>
  database.transaction(async (transaction) => {
    const user = await transaction.selectFrom('users').select('username').where('id', '=', id).executeTakeFirst();
    if (user === undefined) throw new ServiceError(404, 'gateway.unknown_user', `There is no user ${id}.`);
    await assertAdminRemains(transaction, id);
    await endLogins(transaction, id);
    const name = nameOfUser(user.username);
    const keys = await transaction
      .selectFrom('api_keys')
      .select('id')
      .where('revoked_at', 'is', null)
      .where(({ fn }) => fn.coalesce('owner', 'created_by'), '=', name)
      .execute();
    const ids = keys.map((key) => key.id);
    if (ids.length > 0) {
      await transaction.updateTable('api_keys').set({ revoked_at: now.toISOString() }).where('id', 'in', ids).execute();
    }
    await transaction.deleteFrom('users').where('id', '=', id).execute();
    return ids;
  });
