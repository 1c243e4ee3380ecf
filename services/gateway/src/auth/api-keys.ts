import { randomBytes } from 'node:crypto';
import { type ApiKey, type NewApiKey, ServiceError } from '@vindima/contracts';
import { type Database, fromJson, toJson } from '@vindima/database';
import type { Selectable } from 'kysely';
import type { ApiKeyTable, GatewayTables } from '../db/tables.ts';
import { nameOfUser, usernameIn } from './principal.ts';
import { createSecret, hashSecret } from './tokens.ts';

const prefix = 'vnd_';

export const isApiKey = (credential: string): boolean => credential.startsWith(prefix);

/**
 * Keys look like `vnd_<id>_<secret>`; of the secret only the hash is kept.
 *
 * @param onChange what was found out about a key before may be wrong now
 */
export const createApiKeys = (database: Database<GatewayTables>, clock: () => Date, onChange: () => void) => {
  /** The day is enough to find keys that nobody uses; a write for every request is not worth more. */
  const touch = async (row: Selectable<ApiKeyTable>) => {
    const today = clock().toISOString();
    if (row.last_used_at?.slice(0, 10) === today.slice(0, 10)) return;
    await database.query.updateTable('api_keys').set({ last_used_at: today }).where('id', '=', row.id).execute();
  };

  /** Whether a key of this owner opens anything: one that belongs to no user does. */
  const mayOwn = async (owner: string): Promise<boolean> => {
    const username = usernameIn(owner);
    if (username === undefined) return true;
    const user = database.query.selectFrom('users').select('disabled').where('username', '=', username);
    return (await user.executeTakeFirst())?.disabled === 0;
  };

  return {
    create: async (input: NewApiKey, createdBy: string): Promise<ApiKey & { key: string }> => {
      const id = randomBytes(8).toString('hex');
      const secret = createSecret();
      const row = {
        id,
        hash: hashSecret(secret),
        name: input.name,
        scopes: toJson(input.scopes),
        created_by: createdBy,
        owner: null,
        created_at: clock().toISOString(),
        last_used_at: null,
        expires_at: input.expires_at === undefined ? null : new Date(input.expires_at).toISOString(),
        revoked_at: null,
      };
      await database.query.insertInto('api_keys').values(row).execute();
      return { ...toApiKey(row), key: `${prefix}${id}_${secret}` };
    },

    list: async (): Promise<ApiKey[]> =>
      (await database.query.selectFrom('api_keys').selectAll().orderBy('created_at').execute()).map(toApiKey),

    revoke: async (id: string) => {
      const result = await database.query
        .updateTable('api_keys')
        .set({ revoked_at: clock().toISOString() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      onChange();
      if (result.numUpdatedRows === 0n) throw unknownKey(id);
    },

    /** Makes a key another user's. @throws ServiceError 404 for a key that opens nothing, or an unknown user */
    handOn: async (id: string, username: string): Promise<ApiKey> => {
      const owner = nameOfUser(username);
      if (!(await mayOwn(owner)))
        throw new ServiceError(404, 'gateway.unknown_user', `There is no user ${username} who may log in.`);
      await database.query
        .updateTable('api_keys')
        .set({ owner })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      onChange();
      const row = await database.query.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined || row.revoked_at !== null) throw unknownKey(id);
      return toApiKey(row);
    },

    /** @returns undefined for a key that is wrong, expired or revoked, or whose owner is disabled */
    verify: async (key: string): Promise<ApiKey | undefined> => {
      const [, id, secret] = /^vnd_([0-9a-f]{16})_([\w-]{43})$/.exec(key) ?? [];
      if (id === undefined || secret === undefined) return undefined;
      const row = await database.query.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined || row.hash !== hashSecret(secret) || row.revoked_at !== null) return undefined;
      if (row.expires_at !== null && row.expires_at <= clock().toISOString()) return undefined;
      if (!(await mayOwn(row.owner ?? row.created_by))) return undefined;
      await touch(row);
      return toApiKey(row);
    },
  };
};
export type ApiKeys = ReturnType<typeof createApiKeys>;

const unknownKey = (id: string) => new ServiceError(404, 'gateway.unknown_key', `There is no valid API key ${id}.`);

const toApiKey = (row: Selectable<ApiKeyTable>): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: fromJson<string[]>(row.scopes),
  created_by: row.created_by,
  owner: row.owner ?? row.created_by,
  created_at: row.created_at,
  last_used_at: row.last_used_at,
  expires_at: row.expires_at,
  revoked_at: row.revoked_at,
});
