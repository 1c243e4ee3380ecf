import { inferenceOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { repositoryIndex } from '../../oip/metadata.ts';
import type { Ports } from '../../ports.ts';
import { load } from '../../registry/load.ts';
import { unload } from '../../registry/unload.ts';
import { acceptAnyType } from './body.ts';

/** `/v2/repository`: Triton's model repository extension. */
export const oipRepository = (ports: Ports) => {
  const { context, registry } = ports;
  const { app, config } = context;
  app.register(async (scope) => {
    acceptAnyType(scope as typeof app, config.INFERENCE_MAXIMUM_BODY_SIZE);
    const own = { app: scope as typeof app };
    implement(own, inferenceOperations.oipRepositoryIndex, async ({ body }) =>
      repositoryIndex(registry.state, body?.ready === true),
    );
    implement(own, inferenceOperations.oipLoad, async ({ params, body }) => {
      refuseParameters(body);
      await load(ports, { name: params.model }, false);
      return {};
    });
    implement(own, inferenceOperations.oipUnload, async ({ params }) => {
      await unload(registry, params.model);
      return {};
    });
  });
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
