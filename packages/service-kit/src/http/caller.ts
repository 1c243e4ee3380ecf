import { coversScope, isRole, type Role, ServiceError } from '@vindima/contracts';
import type { Message } from '@vindima/messaging';
import type { FastifyRequest } from 'fastify';

/** On whose behalf a service works. */
export interface Caller {
  /** `user:ana`, `key:3f...`, `local`; `operator` for whoever reaches the service or the bus past the gateway. */
  readonly name: string;
  /** Of a person; keys and the operator have none. */
  readonly role?: Role;
  /** What they may, as API keys have it: `datasets:read`, `*:write`. */
  readonly scopes: readonly string[];
}

/** Who operates the platform: nothing is kept from them. */
export const operator: Caller = { name: 'operator', scopes: ['*:write'] };

/** The headers in which the gateway says who calls. */
export const callerHeaders = {
  name: 'x-vindima-user',
  role: 'x-vindima-role',
  scopes: 'x-vindima-scopes',
} as const;

/** On whose behalf a request is: the gateway says so; whoever calls the service past it is the operator. */
export const callerOf = ({ headers, isVouched }: Pick<FastifyRequest, 'headers' | 'isVouched'>): Caller => {
  const name = headers[callerHeaders.name];
  if (!isVouched || typeof name !== 'string') return operator;
  const role = headers[callerHeaders.role];
  return {
    name,
    ...(isRole(role) ? { role } : {}),
    scopes: String(headers[callerHeaders.scopes] ?? '')
      .split(' ')
      .filter((scope) => scope !== ''),
  };
};

/** A message's `source` that says on whose behalf the gateway publishes it. */
export const sourceFor = (service: string, { name, scopes }: Caller): string =>
  `vindima/${service}?${new URLSearchParams({ caller: name, scopes: scopes.join(' ') })}`;

/** On whose behalf a command was sent: who publishes past the gateway has the operator's rights. */
export const senderOf = ({ source }: Pick<Message, 'source'>): Caller => {
  const said = new URLSearchParams(/^vindima\/gateway\?(.*)$/s.exec(source)?.[1]);
  const name = said.get('caller');
  if (name === null) return operator;
  return { name, scopes: (said.get('scopes') ?? '').split(' ').filter((scope) => scope !== '') };
};

/** Whether a caller may change what a service has. */
export const mayChange = ({ scopes }: Caller, service: string): boolean =>
  scopes.some((scope) => coversScope(scope, service, 'write'));

/** Whether a caller may read an object: the first part of its key is the service whose it is. */
export const mayRead = ({ scopes }: Caller, objectKey: string): boolean => {
  const [service = ''] = objectKey.split('/', 1);
  return scopes.some((scope) => coversScope(scope, service, 'read'));
};

/** @throws ServiceError 403 `<service>.object_forbidden` when the caller may not read the object */
export const assertMayRead = (service: string, caller: Caller, objectKey: string): void => {
  if (mayRead(caller, objectKey)) return;
  const needed = `${objectKey.split('/', 1)[0]}:read`;
  throw new ServiceError(
    403,
    `${service}.object_forbidden`,
    `To read the object ${JSON.stringify(objectKey)}, ${caller.name} needs the scope ${needed}.`,
    { details: { object_key: objectKey, needed } },
  );
};

/** The object of the store that a command names, if it names one: all that do call it `object_key`. */
export const objectKeyOf = (payload: unknown): string | undefined =>
  typeof payload === 'object' && payload !== null && 'object_key' in payload && typeof payload.object_key === 'string'
    ? payload.object_key
    : undefined;
