import { ApiKey, CreatedApiKey, NewApiKey } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { Requirement } from '../access/authorize.ts';
import type { ApiKeys } from '../auth/api-keys.ts';

const tags = ['keys'];
const admin: Requirement = { role: 'admin', service: 'gateway', access: 'write', needsLogin: true };

/** `GET|POST /keys`, `DELETE /keys/{id}`. */
export const registerKeys = (app: App, keys: ApiKeys): void => {
  app.get(
    '/keys',
    {
      schema: {
        tags,
        summary: 'All API keys, without their secrets',
        response: { 200: Type.Object({ items: Type.Array(ApiKey) }) },
      },
      config: { requirement: admin },
    },
    async () => ({ items: await keys.list() }),
  );
  app.post(
    '/keys',
    {
      schema: {
        tags,
        summary: 'Make an API key; it is shown this once',
        body: NewApiKey,
        response: { 201: CreatedApiKey },
      },
      config: { requirement: admin },
    },
    async (request, reply) => {
      request.detail = describe(request.body);
      const key = await keys.create(request.body, request.principal.caller);
      request.detail = describe(key);
      return reply.code(201).send(key);
    },
  );
  app.delete(
    '/keys/:id',
    {
      schema: {
        tags,
        summary: 'Revoke an API key',
        params: Type.Object({ id: Type.String({ maxLength: 40 }) }),
        response: { 204: Type.Null() },
      },
      config: { requirement: admin },
    },
    async (request, reply) => {
      const { id } = request.params;
      const key = (await keys.list()).find((known) => known.id === id);
      if (key !== undefined) request.detail = describe(key);
      await keys.revoke(id);
      return reply.code(204).send(null);
    },
  );
};

/** For the audit log; names are free text, so they are quoted. */
const describe = ({ id, name, scopes }: { id?: string; name: string; scopes: readonly string[] }): string =>
  `key ${id === undefined ? '' : `${id} `}${JSON.stringify(name)}: ${scopes.join(', ')}`;
