import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { findModel } from '../registry/state.ts';
import { viewModel } from '../registry/view.ts';

/** Shows a model with its versions. */
export const getModel = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.getModel, async ({ params }) =>
    viewModel(registry, findModel(registry.state, params.name)),
  );
