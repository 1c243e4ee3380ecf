import type { ApiKey, Role, User } from '@vindima/contracts';
import type { Caller } from '@vindima/service-kit';

/** Who makes a request; `caller` is how logs, limits, the audit and the services name them. */
export type Principal =
  | {
      readonly kind: 'user';
      readonly caller: string;
      readonly id: number;
      readonly name: string;
      readonly role: Role;
      /** With which of their logins. */
      readonly login?: string;
    }
  | { readonly kind: 'key'; readonly caller: string; readonly id: string; readonly scopes: readonly string[] }
  /** A call without credentials from this machine, in embedded mode. */
  | { readonly kind: 'local'; readonly caller: 'local' }
  | {
      readonly kind: 'nobody';
      readonly caller: 'nobody';
      /** What showed, under `AUTH=local`, that a proxy passed the call on. */
      readonly proxySign?: string;
      /** A page of another site may have made the browser ask. */
      readonly isForeignPage?: true;
    };

export const nobody = { kind: 'nobody', caller: 'nobody' } as const satisfies Principal;
export const behindProxy = (proxySign: string): Principal => ({ ...nobody, proxySign });
export const foreignPage: Principal = { ...nobody, isForeignPage: true };
export const local: Principal = { kind: 'local', caller: 'local' };

export const userPrincipal = ({ id, username, role }: User, login?: string): Principal => ({
  kind: 'user',
  caller: nameOfUser(username),
  id,
  name: username,
  role,
  ...(login === undefined ? {} : { login }),
});

/** How a user is named where only people are, as in `created_by`. */
export const nameOfUser = (username: string): string => `user:${username}`;
export const usernameIn = (name: string): string | undefined => /^user:(.+)$/.exec(name)?.[1];

export const keyPrincipal = ({ id, scopes }: ApiKey): Principal => ({
  kind: 'key',
  caller: `key:${id}`,
  id,
  scopes,
});

const scopesOfRoles: Readonly<Record<Role, readonly string[]>> = {
  viewer: ['*:read'],
  editor: ['*:write'],
  admin: ['*:write'],
};

/** Who it is and what they may, as the services are told. Somebody without credentials has no rights of their own. */
export const asCaller = (principal: Principal): Caller => {
  const name = principal.caller;
  if (principal.kind === 'user') return { name, role: principal.role, scopes: scopesOfRoles[principal.role] };
  if (principal.kind === 'key') return { name, scopes: principal.scopes };
  return { name, scopes: principal.kind === 'local' ? ['*:write'] : [] };
};
