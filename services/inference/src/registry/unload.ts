import { touchServing } from '../db/serving-state.ts';
import type { Registry } from './registry.ts';
import { findModel } from './state.ts';

/** Lets a model answer no more until it is loaded again. Requests that are on their way are answered. */
export const unload = (registry: Registry, name: string): Promise<void> =>
  registry.exclusively(async () => {
    findModel(await registry.refresh(), name);
    await registry.database.transaction(async (transaction) => {
      await touchServing(transaction);
      await transaction.updateTable('models').set({ loaded: 0 }).where('name', '=', name).execute();
    });
    await registry.refresh();
    for (const ref of registry.shelf.list()) if (ref.name === name) registry.shelf.retire(ref);
  });
