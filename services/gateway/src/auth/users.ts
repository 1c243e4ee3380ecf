import {
  type NewUser,
  type PasswordChange,
  type Role,
  ServiceError,
  type User,
  type UserChange,
} from '@vindima/contracts';
import { type Database, isUniqueViolation } from '@vindima/database';
import type { Selectable } from 'kysely';
import type { GatewayTables, UserTable } from '../db/tables.ts';
import { assertAdminRemains } from './admin-remains.ts';
import { createLogins, endLogins, type Logins } from './logins.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { removeUser } from './remove-user.ts';
import type { AccessToken } from './tokens.ts';

/**
 * The people who may pass, and their passwords.
 *
 * @param onChange what was found out about a user before may be wrong now
 */
export const createUsers = (
  database: Database<GatewayTables>,
  clock: () => Date,
  onChange: () => void,
  logins: Pick<Logins, 'isOpen'> = createLogins(database, clock, onChange),
) => {
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

  /** The user of an access token; undefined when they are disabled, or the login has ended. */
  const findByToken = async ({ userId, issuedMs, login }: AccessToken): Promise<User | undefined> => {
    const row = await select().where('id', '=', userId).executeTakeFirst();
    if (row === undefined || row.disabled === 1) return undefined;
    if (login !== undefined) return (await logins.isOpen(login)) ? toUser(row) : undefined;
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
        const remains = (change.role ?? current.role) === 'admin' && !(change.disabled ?? current.disabled);
        await assertAdminRemains(transaction, remains ? undefined : id);
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

    /** @returns who it was, and the ids of the keys that ended. @throws ServiceError 404, or 409 for the last admin */
    remove: async (id: number): Promise<{ user: User; keys: string[] }> => {
      const user = await byId(id);
      const keys = await removeUser(database, clock(), id);
      onChange();
      return { user, keys };
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
        await endLogins(transaction, row.id);
        return toUser(row);
      });
      onChange();
      return user;
    },

    /** Changes a password for who knows the one before; all logins but one end. @returns false when the old one is wrong */
    changePassword: async (id: number, passwords: PasswordChange, login: string | undefined): Promise<boolean> => {
      const row = await select().where('id', '=', id).executeTakeFirst();
      if (!(await passwordMatches(row?.password, passwords.old_password))) return false;
      const password = await hashPassword(passwords.new_password);
      await database.transaction(async (transaction) => {
        const change = { password, logins_ended_at: clock().toISOString() };
        await transaction.updateTable('users').set(change).where('id', '=', id).execute();
        await endLogins(transaction, id, login);
      });
      onChange();
      return true;
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
