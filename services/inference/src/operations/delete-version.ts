import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { removeVersion } from '../registry/remove.ts';

/** Deletes a version that does not answer. */
export const deleteVersion = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.deleteVersion, async ({ params }, reply) => {
    await removeVersion(registry, params);
    return reply.code(204).send(null);
  });
