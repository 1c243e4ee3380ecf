import type { ApiKey, Role, User } from '@vindima/contracts';

/** Who makes a request; `caller` is how logs, limits, the audit and the services name them. */
export type Principal =
  | {
      readonly kind: 'user';
      readonly caller: string;
      readonly id: number;
      readonly name: string;
      readonly role: Role;
    }
  | { readonly kind: 'key'; readonly caller: string; readonly id: string; readonly scopes: readonly string[] }
  /** A call without credentials from this machine, in embedded mode. */
  | { readonly kind: 'local'; readonly caller: 'local' }
  | { readonly kind: 'nobody'; readonly caller: 'nobody' };

export const nobody: Principal = { kind: 'nobody', caller: 'nobody' };
export const local: Principal = { kind: 'local', caller: 'local' };

export const userPrincipal = ({ id, username, role }: User): Principal => ({
  kind: 'user',
  caller: `user:${username}`,
  id,
  name: username,
  role,
});

export const keyPrincipal = ({ id, scopes }: ApiKey): Principal => ({ kind: 'key', caller: `key:${id}`, id, scopes });
