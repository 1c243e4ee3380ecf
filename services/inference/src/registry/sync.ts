import type { Logger } from '@vindima/service-kit';
import { readState } from '../db/read-state.ts';
import { readServing } from '../db/serving-state.ts';
import type { Registry } from './registry.ts';
import type { ModelRecord, RegistryState } from './state.ts';

/**
 * Follows what other replicas have changed. A new champion is loaded first and takes over then, as where it was promoted; if it cannot
 * be loaded here, what answered before still does, and it is tried again.
 */
export const follow = async (registry: Registry): Promise<void> => {
  const { revision } = await readServing(registry.database.query);
  if (revision === registry.state.revision) return;
  await registry.exclusively(async () => {
    const before = registry.state;
    const after = await readState(registry.database.query, registry.state);
    const models = new Map<string, ModelRecord>();
    let complete = true;
    for (const [name, model] of after.models) {
      const ready = await prepare(registry, before.models.get(name), model);
      if (!ready) complete = false;
      models.set(name, ready ? model : { ...model, champion: before.models.get(name)?.champion ?? null });
    }
    registry.show({ ...after, models, revision: complete ? after.revision : before.revision });
    retireWhatIsGone(registry, before);
  });
};

/** Brings a new champion into memory where the one before was. @returns whether requests can go to it */
const prepare = async (registry: Registry, before: ModelRecord | undefined, after: ModelRecord): Promise<boolean> => {
  const { champion } = after;
  if (!after.loaded || champion === null || before?.champion === champion || before?.champion == null) return true;
  if (!registry.shelf.has({ name: after.name, version: before.champion })) return true;
  const version = after.versions.get(champion);
  if (version === undefined) return true;
  try {
    (await registry.shelf.acquire(registry.fileOf(version))).release();
    return true;
  } catch (error) {
    registry.logger.error(
      { err: error, model: version.ref },
      'a promoted version cannot be loaded here; the one before answers',
    );
    return false;
  }
};

/** Takes out of memory what was deleted, unloaded, or is champion no more. */
const retireWhatIsGone = ({ shelf, state }: Registry, before: RegistryState) => {
  for (const ref of shelf.list()) {
    const model = state.models.get(ref.name);
    const wasChampion = before.models.get(ref.name)?.champion === ref.version;
    const isUsed = model?.loaded === true && model.versions.has(ref.version);
    if (!isUsed || (wasChampion && model.champion !== ref.version)) shelf.retire(ref);
  }
};

/** Looks for changes of others every now and then. */
export const startFollowing = (registry: Registry, intervalMs: number, logger: Logger): { stop(): Promise<void> } => {
  let following: Promise<void> | undefined;
  const look = async () => {
    try {
      await follow(registry);
    } catch (error) {
      logger.warn({ err: error }, 'could not look for changes of the models');
    } finally {
      following = undefined;
    }
  };
  const timer = setInterval(() => {
    following ??= look();
  }, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await following;
    },
  };
};
