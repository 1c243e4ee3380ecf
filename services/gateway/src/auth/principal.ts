import type { Role } from '@vindima/contracts';

/** Who makes a request. */
export type Principal =
  | { readonly kind: 'user'; readonly id: number; readonly name: string; readonly role: Role }
  | { readonly kind: 'key'; readonly id: string; readonly scopes: readonly string[] }
  /** A call without credentials from this machine, in embedded mode. */
  | { readonly kind: 'local' }
  | { readonly kind: 'nobody' };

/** As logs, the audit and the services see it. */
export const nameOf = (principal: Principal): string => {
  if (principal.kind === 'user') return `user:${principal.name}`;
  if (principal.kind === 'key') return `key:${principal.id}`;
  return principal.kind;
};
