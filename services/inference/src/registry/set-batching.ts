import type { InferenceBatching } from '@vindima/contracts';
import { touchServing } from '../db/serving-state.ts';
import type { Registry } from './registry.ts';
import { findModel } from './state.ts';

/** Changes how a model's requests are put together, from the next batch on. */
export const setBatching = (registry: Registry, name: string, batching: InferenceBatching): Promise<void> =>
  registry.exclusively(async () => {
    findModel(await registry.refresh(), name);
    await registry.database.transaction(async (transaction) => {
      await touchServing(transaction);
      await transaction
        .updateTable('models')
        .set({ ...batching, updated_at: registry.clock().toISOString() })
        .where('name', '=', name)
        .execute();
    });
    await registry.refresh();
  });
