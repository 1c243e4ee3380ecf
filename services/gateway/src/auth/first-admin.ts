import { randomBytes } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import type { Users } from './users.ts';

/**
 * Makes the user `admin` where there is nobody yet, with the given password or a generated one.
 *
 * @returns the generated password, which nobody can read anywhere later; undefined when there is nothing to tell
 */
export const createFirstAdmin = async (users: Users, given: string | undefined): Promise<string | undefined> => {
  if (!(await users.isEmpty())) return undefined;
  const password = given ?? randomBytes(15).toString('base64url');
  try {
    await users.create({ username: 'admin', password, role: 'admin' });
  } catch (error) {
    // Another replica that starts at the same time was first; its password is the one that counts.
    if (error instanceof ServiceError && error.code === 'gateway.user_exists') return undefined;
    throw error;
  }
  return given === undefined ? password : undefined;
};
