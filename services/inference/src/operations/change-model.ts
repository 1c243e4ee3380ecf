import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { setBatching } from '../registry/set-batching.ts';
import { findModel } from '../registry/state.ts';
import { viewModel } from '../registry/view.ts';

/** Changes how the requests of a model are put together. */
export const changeModel = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.changeModel, async ({ params: { name }, body }) => {
    await setBatching(registry, name, body.batching);
    return viewModel(registry, findModel(registry.state, name));
  });
