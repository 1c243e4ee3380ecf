import { isHeldBack } from './hold-back.ts';
import type { Registry } from './registry.ts';
import { championOf } from './state.ts';

/**
 * Brings into memory what was loaded when the service stopped. What cannot be loaded is logged, and tried again when it is asked
 * for: one damaged file does not keep the others from answering.
 */
export const restore = async (registry: Registry): Promise<void> => {
  const state = await registry.refresh();
  for (const { name, loaded, champion } of state.models.values()) {
    if (!loaded || champion === null || isHeldBack(state, { name, version: champion })) continue;
    try {
      const lease = await registry.shelf.acquire(registry.fileOf(championOf(state, name)));
      lease.release();
    } catch (error) {
      registry.logger.error({ err: error, model: name, version: champion }, 'a model could not be restored');
    }
  }
};
