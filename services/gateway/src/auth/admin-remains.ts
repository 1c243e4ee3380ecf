import { ServiceError } from '@vindima/contracts';
import type { Transaction } from 'kysely';
import type { GatewayTables } from '../db/tables.ts';

/**
 * Holds to it that somebody is an admin. Takes the rows of all admins, so that two of them cannot go at the same time.
 *
 * @param leaving who is none any more after this transaction
 * @throws ServiceError 409 for the last one
 */
export const assertAdminRemains = async (
  transaction: Transaction<GatewayTables>,
  leaving: number | undefined,
): Promise<void> => {
  await transaction.updateTable('users').set({ role: 'admin' }).where('role', '=', 'admin').execute();
  const admins = await transaction
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .execute();
  if (admins.length === 1 && admins[0]?.id === leaving) {
    throw new ServiceError(
      409,
      'gateway.last_admin',
      'The last admin cannot be deleted, disabled or given another role.',
    );
  }
};
