import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { findModel } from '../registry/state.ts';
import { viewModel } from '../registry/view.ts';

/** Lists all models. */
export const listModels = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.listModels, async ({ query: { limit = 100, cursor = '' } }) => {
    const names = [...registry.state.models.keys()].filter((name) => name > cursor).sort();
    const items = names.slice(0, limit).map((name) => viewModel(registry, findModel(registry.state, name)));
    return { items, next_cursor: names.length > limit ? (items.at(-1)?.name ?? null) : null };
  });
