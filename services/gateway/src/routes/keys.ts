import { ApiKey, CreatedApiKey, NewApiKey } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { Requirement } from '../access/authorize.ts';
import type { ApiKeys } from '../auth/api-keys.ts';

const tags = ['keys'];
const admin: Requirement = { role: 'admin', service: 'gateway', access: 'write' };

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
    async (request, reply) => reply.code(201).send(await keys.create(request.body, request.principal.caller)),
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
      await keys.revoke(request.params.id);
      return reply.code(204).send(null);
    },
  );
};
