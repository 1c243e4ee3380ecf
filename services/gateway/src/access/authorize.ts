import { coversScope, type Role, roles, ServiceError } from '@vindima/contracts';
import type { Principal } from '../auth/principal.ts';

/** What a route asks of whoever calls it. */
export interface Requirement {
  /** The least a user must be; `public` asks nothing. */
  readonly role: Role | 'public';
  /** The part of the platform, as in the scopes of API keys. */
  readonly service: string;
  readonly access: 'read' | 'write';
  /** A person must log in, and a key is not enough, also where `AUTH=local` asks nobody, as not every proxy can be told from a local program. */
  readonly needsLogin?: boolean;
}

/** @throws ServiceError 401 without credentials, 403 with too little */
export const authorize = (principal: Principal, { role, service, access, needsLogin }: Requirement): void => {
  if (role === 'public' || (principal.kind === 'local' && !needsLogin)) return;
  if (principal.kind === 'nobody' || principal.kind === 'local') throw unauthenticated(principal);
  if (principal.kind === 'user') {
    if (roles.indexOf(principal.role) >= roles.indexOf(role)) return;
    throw new ServiceError(403, 'gateway.forbidden', `This needs the role ${role}; you are ${principal.role}.`, {
      details: { needed: role },
    });
  }
  // Who may pass is decided by people alone: a key that could make keys would never end.
  const isForPeople = role === 'admin' || needsLogin === true;
  const needed = `${service}:${access}`;
  if (!isForPeople && principal.scopes.some((scope) => coversScope(scope, service, access))) return;
  throw new ServiceError(
    403,
    'gateway.forbidden',
    isForPeople ? 'This is not for API keys; log in.' : `This API key lacks the scope ${needed}.`,
    { details: { needed: isForPeople ? role : needed } },
  );
};

const unauthenticated = (principal: Extract<Principal, { kind: 'nobody' | 'local' }>) => {
  const headers = { 'www-authenticate': 'Bearer realm="vindima"' };
  if (principal.kind === 'local') {
    return new ServiceError(
      401,
      'gateway.login_needed',
      'Log in for this (POST /auth/login), also with AUTH=local: who may pass is decided by people who have logged in.',
      { headers },
    );
  }
  if (principal.proxySign !== undefined) {
    return new ServiceError(
      401,
      'gateway.behind_proxy',
      `A proxy passed this call on (${principal.proxySign}), and AUTH=local lets in calls from this machine alone: set AUTH=required to use a proxy, or send credentials.`,
      { headers, details: { sign: principal.proxySign } },
    );
  }
  if (principal.isForeignPage) {
    return new ServiceError(
      403,
      'gateway.foreign_page',
      'A page of another site may not change anything with what your browser is logged in with.',
    );
  }
  return new ServiceError(401, 'gateway.unauthenticated', 'Log in (POST /auth/login) or send an API key.', { headers });
};
