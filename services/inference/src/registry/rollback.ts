import { ServiceError } from '@vindima/contracts';
import { promote } from './promote.ts';
import type { Registry } from './registry.ts';
import { findModel, type VersionRecord } from './state.ts';

/**
 * Lets the version answer that did before the last promotion; again, the one before that. Versions that were deleted are passed
 * over.
 *
 * @throws ServiceError 409 `inference.nothing_to_roll_back`; else as `promote`
 */
export const rollback = (registry: Registry, name: string): Promise<VersionRecord> =>
  registry.exclusively(async () => {
    const { champion, versions } = findModel(await registry.refresh(), name);
    const promotions = await registry.database.query
      .selectFrom('promotions')
      .select(['id', 'previous_version'])
      .where('model', '=', name)
      .where('undone', '=', 0)
      .orderBy('id', 'desc')
      .execute();
    const target = promotions.find(
      ({ previous_version: previous }) => previous !== null && previous !== champion && versions.has(previous),
    );
    if (target === undefined || target.previous_version === null) {
      throw new ServiceError(
        409,
        'inference.nothing_to_roll_back',
        `No version of "${name}" that is still there answered before this one.`,
      );
    }
    const ref = { name, version: target.previous_version };
    return promote(registry, ref, {
      reason: 'rollback',
      within: async (transaction, previous) => {
        if (previous !== champion) {
          throw new ServiceError(409, 'inference.changed_meanwhile', `"${name}" was promoted meanwhile.`);
        }
        await transaction
          .updateTable('promotions')
          .set({ undone: 1 })
          .where('model', '=', name)
          .where('id', '>=', target.id)
          .execute();
      },
    });
  });
