import {
  ErrorBody,
  InferenceBatching,
  InferenceModel,
  InferenceModelPage,
  ModelName,
  ModelVersionNumber,
  PageQuery,
  PromoteRequest,
} from '@vindima/contracts';
import { Type } from 'typebox';
import type { Ports } from '../ports.ts';
import { promote } from '../registry/promote.ts';
import { removeModel, removeVersion } from '../registry/remove.ts';
import { rollback } from '../registry/rollback.ts';
import { setBatching } from '../registry/set-batching.ts';
import { findModel } from '../registry/state.ts';
import { viewModel } from '../registry/view.ts';

const tags = ['models'];
const ByName = Type.Object({ name: ModelName });
const errors = { 400: ErrorBody, 404: ErrorBody, 409: ErrorBody, 422: ErrorBody };

/** `GET /models` and `GET /models/{name}`. */
export const listModels = ({ context: { app }, registry }: Ports) => {
  app.get(
    '/models',
    { schema: { tags, summary: 'All models', querystring: PageQuery, response: { 200: InferenceModelPage } } },
    async ({ query: { limit = 100, cursor = '' } }) => {
      const names = [...registry.state.models.keys()].filter((name) => name > cursor).sort();
      const items = names.slice(0, limit).map((name) => viewModel(registry, findModel(registry.state, name)));
      return { items, next_cursor: names.length > limit ? (items.at(-1)?.name ?? null) : null };
    },
  );
  app.get(
    '/models/:name',
    {
      schema: {
        tags,
        summary: 'A model with its versions',
        params: ByName,
        response: { 200: InferenceModel, 404: ErrorBody },
      },
    },
    async ({ params }) => viewModel(registry, findModel(registry.state, params.name)),
  );
};

/** `POST /models/{name}/promote` and `/rollback`: another version answers from now on. */
export const promoteRoutes = ({ context: { app }, registry }: Ports) => {
  app.post(
    '/models/:name/promote',
    {
      schema: {
        tags,
        summary: 'Let a version answer: loaded, asked its golden request, then swapped',
        params: ByName,
        body: PromoteRequest,
        response: { 200: InferenceModel, ...errors },
      },
    },
    async ({ params: { name }, body: { version } }) => {
      await registry.exclusively(() => promote(registry, { name, version }, { reason: 'promote' }));
      return viewModel(registry, findModel(registry.state, name));
    },
  );
  app.post(
    '/models/:name/rollback',
    {
      schema: {
        tags,
        summary: 'Let the version answer that did before',
        params: ByName,
        response: { 200: InferenceModel, ...errors },
      },
    },
    async ({ params: { name } }) => {
      await rollback(registry, name);
      return viewModel(registry, findModel(registry.state, name));
    },
  );
};

/** `PATCH /models/{name}`: how its requests are put together. */
export const changeModel = ({ context: { app }, registry }: Ports) => {
  app.patch(
    '/models/:name',
    {
      schema: {
        tags,
        summary: 'Change how requests are put together',
        params: ByName,
        body: Type.Object({ batching: InferenceBatching }, { additionalProperties: false }),
        response: { 200: InferenceModel, ...errors },
      },
    },
    async ({ params: { name }, body }) => {
      await setBatching(registry, name, body.batching);
      return viewModel(registry, findModel(registry.state, name));
    },
  );
};

/** `DELETE /models/{name}` and `/models/{name}/versions/{version}`. */
export const deleteModels = ({ context: { app }, registry }: Ports) => {
  app.delete(
    '/models/:name',
    {
      schema: {
        tags,
        summary: 'Delete a model; its history stays',
        params: ByName,
        response: { 204: Type.Null(), ...errors },
      },
    },
    async ({ params: { name } }, reply) => {
      await removeModel(registry, name);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/models/:name/versions/:version',
    {
      schema: {
        tags,
        summary: 'Delete a version that does not answer',
        params: Type.Object({ name: ModelName, version: ModelVersionNumber }),
        response: { 204: Type.Null(), ...errors },
      },
    },
    async ({ params }, reply) => {
      await removeVersion(registry, params);
      return reply.code(204).send(null);
    },
  );
};
