import { type Database, insertIgnore } from '@vindima/database';
import type { GatewayTables } from '../db/tables.ts';
import { createSecret } from './tokens.ts';

const name = 'signing-secret';

/** The secret that signs access tokens: one for all replicas and restarts; the first to start makes it. */
export const signingSecret = async (database: Database<GatewayTables>): Promise<string> => {
  await insertIgnore(database.query, 'settings', [{ name, value: createSecret() }]);
  const row = await database.query
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.value;
};
