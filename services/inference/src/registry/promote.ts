import { type InferenceModelRef, type LoadReason, modelLoaded, ServiceError } from '@vindima/contracts';
import { setCurrentModel, touchServing } from '../db/serving-state.ts';
import type { InferenceQueries } from '../db/tables.ts';
import { checkGolden } from './check-golden.ts';
import { isHeldBack, release } from './hold-back.ts';
import type { Registry } from './registry.ts';
import { findVersion, type VersionRecord } from './state.ts';

export interface PromoteOptions {
  readonly reason: LoadReason;
  /** It answers `POST /model/classify/` from now on. */
  readonly makeCurrent?: boolean;
  /** Further changes in the transaction of the promotion. */
  readonly within?: (transaction: InferenceQueries, previous: number | null) => Promise<void>;
}

/**
 * Lets a version of a model answer: it is loaded beside the one that does, asked its golden request, and only then takes over, between
 * two requests. The one before finishes what it runs. A failure at any step changes nothing.
 *
 * To be called within `registry.exclusively`.
 *
 * @throws ServiceError 404 `inference.unknown_model`, `inference.unknown_version`; 422 `inference.golden_failed`, or as
 * `openModel`; 409 `inference.changed_meanwhile`
 */
export const promote = async (
  registry: Registry,
  ref: InferenceModelRef,
  { reason, makeCurrent = false, within }: PromoteOptions,
): Promise<VersionRecord> => {
  const { shelf } = registry;
  const version = findVersion(await registry.refresh(), ref);
  if (isHeldBack(registry.state, ref)) await release(registry, ref);
  const wasThere = shelf.has(version.ref);
  const lease = await shelf.acquire(registry.fileOf(version));
  let previous: number | null = null;
  try {
    await checkGolden(lease, version);
    previous = await commit(registry, version, reason, makeCurrent, within);
    await registry.refresh();
  } catch (error) {
    if (!wasThere) shelf.retire(version.ref);
    throw error;
  } finally {
    lease.release();
  }
  if (previous !== null && previous !== ref.version) shelf.retire({ name: ref.name, version: previous });
  return version;
};

const commit = (
  { database, messages, clock }: Registry,
  { ref, sha256 }: VersionRecord,
  reason: LoadReason,
  makeCurrent: boolean,
  within: PromoteOptions['within'],
) =>
  database.transaction(async (transaction) => {
    await touchServing(transaction);
    const at = clock().toISOString();
    const model = await transaction
      .selectFrom('models')
      .select('champion')
      .where('name', '=', ref.name)
      .executeTakeFirst();
    const stored = await transaction
      .selectFrom('model_versions')
      .select('version')
      .where('model', '=', ref.name)
      .where('version', '=', ref.version)
      .executeTakeFirst();
    if (model === undefined || stored === undefined) {
      throw new ServiceError(
        409,
        'inference.changed_meanwhile',
        `Version ${ref.version} of "${ref.name}" was deleted.`,
      );
    }
    const previous = model.champion;
    await within?.(transaction, previous);
    if (reason !== 'rollback' && previous !== ref.version) {
      await transaction
        .insertInto('promotions')
        .values({ model: ref.name, version: ref.version, previous_version: previous, reason, at, undone: 0 })
        .execute();
    }
    await transaction
      .updateTable('models')
      .set({ champion: ref.version, loaded: 1, updated_at: at })
      .where('name', '=', ref.name)
      .execute();
    if (makeCurrent) await setCurrentModel(transaction, ref.name);
    await messages.send(transaction, modelLoaded, { model: ref, previous_version: previous, sha256, reason });
    return previous;
  });
