import { type Role, roles, ServiceError } from '@vindima/contracts';
import type { Principal } from '../auth/principal.ts';

/** What a route asks of whoever calls it. */
export interface Requirement {
  /** The least a user must be; `public` asks nothing. */
  readonly role: Role | 'public';
  /** The part of the platform, as in the scopes of API keys. */
  readonly service: string;
  readonly access: 'read' | 'write';
}

/** @throws ServiceError 401 without credentials, 403 with too little */
export const authorize = (principal: Principal, { role, service, access }: Requirement): void => {
  if (role === 'public' || principal.kind === 'local') return;
  if (principal.kind === 'nobody') {
    throw new ServiceError(401, 'gateway.unauthenticated', 'Log in (POST /auth/login) or send an API key.', {
      headers: { 'www-authenticate': 'Bearer realm="vindima"' },
    });
  }
  if (principal.kind === 'user') {
    if (roles.indexOf(principal.role) >= roles.indexOf(role)) return;
    throw new ServiceError(403, 'gateway.forbidden', `This needs the role ${role}; you are ${principal.role}.`, {
      details: { needed: role },
    });
  }
  // Who may pass is decided by people alone: a key that could make keys would never end.
  const needed = `${service}:${access}`;
  if (role !== 'admin' && principal.scopes.some((scope) => covers(scope, service, access))) return;
  throw new ServiceError(
    403,
    'gateway.forbidden',
    role === 'admin' ? 'This is not for API keys; log in.' : `This API key lacks the scope ${needed}.`,
    { details: { needed: role === 'admin' ? 'admin' : needed } },
  );
};

const covers = (scope: string, service: string, access: 'read' | 'write') => {
  const [name, allowed] = scope.split(':');
  return (name === '*' || name === service) && (allowed === 'write' || allowed === access);
};
