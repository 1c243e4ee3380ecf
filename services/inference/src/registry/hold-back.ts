import { type InferenceModelRef, ServiceError } from '@vindima/contracts';
import { addKill, forgetKills, keyOf } from '../db/kills.ts';
import { touchServing } from '../db/serving-state.ts';
import type { KillReason } from '../runtime/limits.ts';
import type { Registry } from './registry.ts';
import type { RegistryState } from './state.ts';

/** Runs that had to be ended before a version runs no more. */
const allowedKills = 3;

export const isHeldBack = ({ kills }: RegistryState, ref: InferenceModelRef): boolean =>
  (kills.get(keyOf(ref)) ?? 0) >= allowedKills;

/** @throws ServiceError 422 `inference.held_back` for a version whose runs had to be ended too often */
export const refuseHeldBack = (state: RegistryState, ref: InferenceModelRef): void => {
  if (!isHeldBack(state, ref)) return;
  throw new ServiceError(
    422,
    'inference.held_back',
    `Version ${ref.version} of "${ref.name}" is held back: ${allowedKills} of its runs had to be ended. Promote it to try it again, or another one.`,
  );
};

/** Somebody wants the version to run again: its runs are counted anew. */
export const release = async ({ database, refresh }: Registry, ref: InferenceModelRef): Promise<void> => {
  await database.transaction(async (transaction) => {
    await touchServing(transaction);
    await forgetKills(transaction, ref.name, ref.version);
  });
  await refresh();
};

/** Remembers that a run was ended, for every replica and after a restart too. */
export const rememberKill = async (registry: Registry, ref: InferenceModelRef, reason: KillReason): Promise<void> => {
  const { database, clock, logger, shelf } = registry;
  try {
    await database.transaction(async (transaction) => {
      await touchServing(transaction);
      await addKill(transaction, ref, reason, clock().toISOString());
    });
    const state = await registry.refresh();
    logger.warn({ model: ref, reason, kills: state.kills.get(keyOf(ref)) }, 'a run was ended with its process');
    if (isHeldBack(state, ref)) shelf.retire(ref);
  } catch (error) {
    logger.error({ err: error, model: ref }, 'it could not be remembered that a run was ended');
  }
};
