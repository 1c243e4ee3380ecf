import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { promote } from '../registry/promote.ts';
import { findModel } from '../registry/state.ts';
import { viewModel } from '../registry/view.ts';

/** Lets another version answer from now on. */
export const promoteVersion = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.promote, async ({ params: { name }, body: { version } }) => {
    await registry.exclusively(() => promote(registry, { name, version }, { reason: 'promote' }));
    return viewModel(registry, findModel(registry.state, name));
  });
