import { type NewUser, type Role, ServiceError, type User, type UserChange } from '@vindima/contracts';
import { type Database, isUniqueViolation } from '@vindima/database';
import type { Selectable } from 'kysely';
import type { GatewayTables, UserTable } from '../db/tables.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import type { AccessToken } from './tokens.ts';

/**
 * The people who may pass, and their passwords.
 *
 * @param onChange what was found out about a user before may be wrong now
 */
export const createUsers = (database: Database<GatewayTables>, clock: () => Date, onChange: () => void) => {
  const select = () => database.query.selectFrom('users').selectAll();

  const find = async (id: number): Promise<User | undefined> => {
    const row = await select().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : toUser(row);
  };
  const byId = async (id: number): Promise<User> => {
    const user = await find(id);
    if (user === undefined) throw new ServiceError(404, 'gateway.unknown_user', `There is no user ${id}.`);
    return user;
  };

  /** The user of an access token; undefined when they are disabled, or their logins have ended since it was issued. */
  const findByToken = async ({ userId, issuedMs }: AccessToken): Promise<User | undefined> => {
    const row = await select().where('id', '=', userId).executeTakeFirst();
    if (row === undefined || row.disabled === 1) return undefined;
    const endedMs = row.logins_ended_at === null ? 0 : Date.parse(row.logins_ended_at);
    // A token says in which second it was issued.
    return issuedMs + 1000 <= endedMs ? undefined : toUser(row);
  };

  return {
    find,
    findByToken,
    /** @throws ServiceError 404 */
    byId,
    list: async (): Promise<User[]> => (await select().orderBy('username').execute()).map(toUser),

    /** @returns undefined when the name or the password is wrong, or the user is disabled: nobody learns which */
    authenticate: async (username: string, password: string): Promise<User | undefined> => {
      const row = await select().where('username', '=', username).executeTakeFirst();
      const matches = await passwordMatches(row?.password, password);
      return row !== undefined && matches && row.disabled === 0 ? toUser(row) : undefined;
    },

    create: async ({ username, password, role }: NewUser): Promise<User> => {
      const hashed = await hashPassword(password);
      const row = {
        username,
        role,
        password: hashed,
        disabled: 0,
        created_at: clock().toISOString(),
        logins_ended_at: null,
      };
      try {
        await database.query.insertInto('users').values(row).execute();
      } catch (error) {
        if (isUniqueViolation(error))
          throw new ServiceError(409, 'gateway.user_exists', `The user ${username} exists already.`);
        throw error;
      }
      return toUser(await select().where('username', '=', username).executeTakeFirstOrThrow());
    },

    change: async (id: number, change: UserChange): Promise<User> => {
      const current = await byId(id);
      const password = change.password === undefined ? undefined : await hashPassword(change.password);
      await database.transaction(async (transaction) => {
        // Takes the rows of all admins, so that two of them cannot give up their role at the same time.
        await transaction.updateTable('users').set({ role: 'admin' }).where('role', '=', 'admin').execute();
        const admins = await transaction
          .selectFrom('users')
          .select('id')
          .where('role', '=', 'admin')
          .where('disabled', '=', 0)
          .execute();
        const remains = (change.role ?? current.role) === 'admin' && !(change.disabled ?? current.disabled);
        if (!remains && admins.length === 1 && admins[0]?.id === id) {
          throw new ServiceError(409, 'gateway.last_admin', 'The last admin cannot be disabled or given another role.');
        }
        await transaction
          .updateTable('users')
          .set({
            ...(change.role === undefined ? {} : { role: change.role }),
            ...(change.disabled === undefined ? {} : { disabled: change.disabled ? 1 : 0 }),
            ...(password === undefined ? {} : { password }),
          })
          .where('id', '=', id)
          .execute();
      });
      onChange();
      return byId(id);
    },

    /** Gives a user a password without asking for the one before; their logins end. @throws ServiceError 404 */
    resetPassword: async (username: string, password: string): Promise<User> => {
      const hashed = await hashPassword(password);
      const user = await database.transaction(async (transaction) => {
        const row = await transaction
          .selectFrom('users')
          .selectAll()
          .where('username', '=', username)
          .executeTakeFirst();
        if (row === undefined) throw new ServiceError(404, 'gateway.unknown_user', `There is no user ${username}.`);
        await transaction
          .updateTable('users')
          .set({ password: hashed, logins_ended_at: clock().toISOString() })
          .where('id', '=', row.id)
          .execute();
        await transaction.deleteFrom('refresh_tokens').where('user_id', '=', row.id).execute();
        return toUser(row);
      });
      onChange();
      return user;
    },

    isEmpty: async () => (await select().limit(1).execute()).length === 0,
  };
};
export type Users = ReturnType<typeof createUsers>;

const toUser = (row: Selectable<UserTable>): User => ({
  id: row.id,
  username: row.username,
  role: row.role satisfies Role,
  disabled: row.disabled === 1,
  created_at: row.created_at,
});
