import type { InferenceModelRef } from '@vindima/contracts';
import { Counter, Gauge, type Registry } from 'prom-client';
import { keyOf } from '../db/kills.ts';
import { isHeldBack } from './hold-back.ts';
import type { RegistryState } from './state.ts';

/** A version of a model, as metrics name it. */
export const labelsOf = ({ name, version }: InferenceModelRef) => ({ model: name, version: String(version) });

/** What is counted of runs. */
export const registerRunMetrics = (metrics: Registry, state: () => RegistryState) => {
  const killed = new Counter({
    name: 'inference_runs_killed_total',
    help: 'Runs that were ended with their process, by why',
    labelNames: ['model', 'version', 'reason'],
    registers: [metrics],
  });
  new Gauge({
    name: 'inference_versions_held_back',
    help: 'Versions that run no more, as too many of their runs had to be ended',
    registers: [metrics],
    collect() {
      this.set(heldBack(state()).length);
    },
  });
  return { killed };
};

/** `name@version` of what runs no more. */
export const heldBack = (state: RegistryState): string[] =>
  [...state.models.values()].flatMap(({ name, versions }) =>
    [...versions.keys()].flatMap((version) => (isHeldBack(state, { name, version }) ? [keyOf({ name, version })] : [])),
  );
