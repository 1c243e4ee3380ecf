import { randomBytes } from 'node:crypto';
import { type ApiKey, type NewApiKey, ServiceError } from '@vindima/contracts';
import { type Database, fromJson, toJson } from '@vindima/database';
import type { Selectable } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { ApiKeyTable, GatewayTables } from '../db/tables.ts';
import { createSecret, hashSecret } from './tokens.ts';

const prefix = 'vnd_';
/** A key is looked up in the database at most this often; so long may a revoked one still pass on another replica. */
const cacheMs = 5_000;

export const isApiKey = (credential: string): boolean => credential.startsWith(prefix);

/** Keys look like `vnd_<id>_<secret>`; of the secret only the hash is kept. */
export const createApiKeys = (database: Database<GatewayTables>, clock: () => Date) => {
  // Bounded: ids that do not exist are made up by whoever guesses.
  const cache = new LRUCache<string, Found>({ max: 10_000, ttl: cacheMs });

  const find = async (id: string): Promise<Found> => {
    const row = await database.query.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
    const found = { hash: row?.hash, key: row === undefined ? undefined : toApiKey(row) };
    cache.set(id, found);
    if (row !== undefined) await touch(row);
    return found;
  };
  const check = ({ hash, key }: Found, secret: string): ApiKey | undefined => {
    if (key === undefined || hash !== hashSecret(secret) || key.revoked_at !== null) return undefined;
    return key.expires_at !== null && key.expires_at <= clock().toISOString() ? undefined : key;
  };
  /** The day is enough to find keys that nobody uses; a write for every request is not worth more. */
  const touch = async (row: Selectable<ApiKeyTable>) => {
    const today = clock().toISOString();
    if (row.last_used_at?.slice(0, 10) === today.slice(0, 10)) return;
    await database.query.updateTable('api_keys').set({ last_used_at: today }).where('id', '=', row.id).execute();
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
      cache.delete(id);
      if (result.numUpdatedRows === 0n)
        throw new ServiceError(404, 'gateway.unknown_key', `There is no valid API key ${id}.`);
    },

    /** @returns undefined when the key is not valid, or has to be looked up to know */
    recent: (key: string): ApiKey | undefined => {
      const parts = partsOf(key);
      const found = parts === undefined ? undefined : cache.get(parts.id);
      return parts === undefined || found === undefined ? undefined : check(found, parts.secret);
    },
    /** @returns undefined for a key that is wrong, expired or revoked */
    verify: async (key: string): Promise<ApiKey | undefined> => {
      const parts = partsOf(key);
      return parts === undefined ? undefined : check(cache.get(parts.id) ?? (await find(parts.id)), parts.secret);
    },
  };
};
export type ApiKeys = ReturnType<typeof createApiKeys>;

interface Found {
  /** Both undefined when there is no such key. */
  readonly hash: string | undefined;
  readonly key: ApiKey | undefined;
}

const partsOf = (key: string): { id: string; secret: string } | undefined => {
  const [, id, secret] = /^vnd_([0-9a-f]{16})_([\w-]{43})$/.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
};

const toApiKey = (row: Selectable<ApiKeyTable>): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: fromJson<string[]>(row.scopes),
  created_by: row.created_by,
  created_at: row.created_at,
  last_used_at: row.last_used_at,
  expires_at: row.expires_at,
  revoked_at: row.revoked_at,
});
