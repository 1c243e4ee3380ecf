import { ModelName, ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import { repositoryIndex } from '../../oip/metadata.ts';
import { oipErrors, RepositoryIndex } from '../../oip/schemas.ts';
import type { Ports } from '../../ports.ts';
import { load } from '../../registry/load.ts';
import { unload } from '../../registry/unload.ts';

const tags = ['open inference protocol'];
const Done = Type.Object({}, { description: 'Nothing to say' });
const Body = Type.Unsafe<unknown>({ description: 'Triton allows parameters; there are none here' });

/** `/v2/repository`: Triton's model repository extension. */
export const oipRepository = (ports: Ports) => {
  const { registry } = ports;
  const { app } = ports.context;
  app.post(
    '/v2/repository/index',
    {
      schema: {
        tags,
        summary: 'All versions and whether they answer',
        body: Type.Union([Type.Object({ ready: Type.Optional(Type.Boolean()) }), Type.Null()]),
        response: { 200: RepositoryIndex, 400: oipErrors[400] },
      },
    },
    async ({ body }) => repositoryIndex(registry.state, body?.ready === true),
  );
  const schema = { tags, params: Type.Object({ model: ModelName }), body: Body, response: { 200: Done, ...oipErrors } };
  app.post(
    '/v2/repository/models/:model/load',
    { schema: { ...schema, summary: 'Load a model' } },
    async ({ params, body }) => {
      refuseParameters(body);
      await load(ports, { name: params.model }, false);
      return {};
    },
  );
  app.post(
    '/v2/repository/models/:model/unload',
    { schema: { ...schema, summary: 'Unload a model' } },
    async ({ params }) => {
      await unload(registry, params.model);
      return {};
    },
  );
};

/** Triton lets a client send a configuration or files along; silently ignoring them would load something else. */
const refuseParameters = (body: unknown) => {
  const parameters = typeof body === 'object' && body !== null && 'parameters' in body ? body.parameters : undefined;
  if (typeof parameters !== 'object' || parameters === null || Object.keys(parameters).length === 0) return;
  throw new ServiceError(
    400,
    'inference.load_parameters',
    'A model is loaded as it was uploaded: parameters are not supported.',
  );
};
