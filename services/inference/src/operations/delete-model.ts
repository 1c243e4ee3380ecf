import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { removeModel } from '../registry/remove.ts';

/** Deletes a model; its history stays. */
export const deleteModel = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.deleteModel, async ({ params: { name } }, reply) => {
    await removeModel(registry, name);
    return reply.code(204).send(null);
  });
