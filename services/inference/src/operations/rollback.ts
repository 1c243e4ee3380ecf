import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { rollback } from '../registry/rollback.ts';
import { findModel } from '../registry/state.ts';
import { viewModel } from '../registry/view.ts';

/** Lets the version answer that did before. */
export const rollbackModel = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.rollback, async ({ params: { name } }) => {
    await rollback(registry, name);
    return viewModel(registry, findModel(registry.state, name));
  });
