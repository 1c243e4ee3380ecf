import { gatewayOperations } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import type { ApiKeys } from '../auth/api-keys.ts';

/** Lists, makes and revokes API keys. */
export const registerKeys = (app: App, keys: ApiKeys): void => {
  implement({ app }, gatewayOperations.listKeys, async () => ({ items: await keys.list() }));
  implement({ app }, gatewayOperations.makeKey, async (request, reply) => {
    request.detail = describe(request.body);
    const key = await keys.create(request.body, request.principal.caller);
    request.detail = describe(key);
    reply.code(201);
    return key;
  });
  implement({ app }, gatewayOperations.revokeKey, async (request, reply) => {
    const { id } = request.params;
    const key = (await keys.list()).find((known) => known.id === id);
    if (key !== undefined) request.detail = describe(key);
    await keys.revoke(id);
    return reply.code(204).send(null);
  });
};

/** For the audit log; names are free text, so they are quoted. */
const describe = ({ id, name, scopes }: { id?: string; name: string; scopes: readonly string[] }): string =>
  `key ${id === undefined ? '' : `${id} `}${JSON.stringify(name)}: ${scopes.join(', ')}`;
