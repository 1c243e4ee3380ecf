import { type InferenceModelRef, ServiceError } from '@vindima/contracts';
import { forgetKills } from '../db/kills.ts';
import { setCurrentModel, touchServing } from '../db/serving-state.ts';
import type { Registry } from './registry.ts';
import { findModel, findVersion } from './state.ts';

/** Deletes a version for good. @throws ServiceError 404; 409 `inference.is_champion` */
export const removeVersion = (registry: Registry, ref: InferenceModelRef): Promise<void> =>
  registry.exclusively(async () => {
    const { objectKey } = findVersion(await registry.refresh(), ref);
    const isUsed = await registry.database.transaction(async (transaction) => {
      await touchServing(transaction);
      const model = await transaction
        .selectFrom('models')
        .select('champion')
        .where('name', '=', ref.name)
        .executeTakeFirst();
      if (model?.champion === ref.version) {
        const message = `Version ${ref.version} of "${ref.name}" answers; promote another one first, or delete the model.`;
        throw new ServiceError(409, 'inference.is_champion', message);
      }
      await forgetKills(transaction, ref.name, ref.version);
      await transaction
        .deleteFrom('model_versions')
        .where('model', '=', ref.name)
        .where('version', '=', ref.version)
        .execute();
      // Earlier releases gave versions of the same content one file.
      const others = await transaction
        .selectFrom('model_versions')
        .select('version')
        .where('object_key', '=', objectKey)
        .limit(1)
        .execute();
      return others.length > 0;
    });
    await registry.refresh();
    registry.shelf.retire(ref);
    if (!isUsed) await registry.objects.delete(objectKey);
  });

/** Deletes a model with all its versions; its history stays. @throws ServiceError 404 */
export const removeModel = (registry: Registry, name: string): Promise<void> =>
  registry.exclusively(async () => {
    const { current, ...state } = await registry.refresh();
    const { versions } = findModel({ current, ...state }, name);
    await registry.database.transaction(async (transaction) => {
      await touchServing(transaction);
      await transaction.deleteFrom('promotions').where('model', '=', name).execute();
      await forgetKills(transaction, name);
      await transaction.deleteFrom('model_versions').where('model', '=', name).execute();
      await transaction.deleteFrom('models').where('name', '=', name).execute();
      if (current === name) await setCurrentModel(transaction, null);
    });
    await registry.refresh();
    for (const ref of registry.shelf.list()) if (ref.name === name) registry.shelf.retire(ref);
    // Last: files that nothing names any more do no harm, a name without its file does.
    for (const key of new Set([...versions.values()].map(({ objectKey }) => objectKey)))
      await registry.objects.delete(key);
  });
