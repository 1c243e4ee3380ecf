import type { InferenceModelRef } from '@vindima/contracts';
import { Counter, Gauge, type Registry } from 'prom-client';
import { keyOf } from '../db/kills.ts';
import type { Shelf } from '../runtime/shelf.ts';
import type { Statistics, VersionStatistics } from '../runtime/statistics.ts';
import { isHeldBack } from './hold-back.ts';
import type { RegistryState } from './state.ts';

/** A version of a model, as metrics name it. */
export const labelsOf = ({ name, version }: InferenceModelRef) => ({ model: name, version: String(version) });

export interface MetricSources {
  readonly state: () => RegistryState;
  readonly statistics: Statistics;
  readonly inMemory: Shelf['inMemory'];
}

const labelNames = ['model', 'version'] as const;

/** What is counted of runs, by model and version; read when somebody asks for it. */
export const registerRunMetrics = (metrics: Registry, { state, statistics, inMemory }: MetricSources) => {
  const counter = (name: string, help: string, read: (counted: VersionStatistics) => number) =>
    new Counter({
      name: `inference_${name}_total`,
      help,
      labelNames,
      registers: [metrics],
      collect() {
        this.reset();
        for (const counted of statistics.all()) this.inc(labelsOf(counted.ref), read(counted));
      },
    });
  counter('runs', 'Runs of the runtime', ({ runs }) => runs);
  counter('rows', 'Rows that were run', ({ rows }) => rows);
  counter('run_seconds', 'How long runs took', ({ seconds }) => seconds);
  counter('requests', 'Requests of callers that were run', ({ requests }) => requests);
  counter('failed', 'Requests that failed', ({ failed }) => failed);
  counter('refused', 'Requests that found too many rows waiting', ({ refused }) => refused);
  const gauge = (name: string, help: string, read: (model: ReturnType<Shelf['inMemory']>[number]) => number) =>
    new Gauge({
      name: `inference_${name}`,
      help,
      labelNames,
      registers: [metrics],
      collect() {
        this.reset();
        for (const model of inMemory()) this.set(labelsOf(model.ref), read(model));
      },
    });
  gauge('queue_rows', 'Rows that wait or run', ({ rows }) => rows);
  gauge('memory_bytes', 'Memory of a model, as the budget counts it', ({ bytes }) => bytes);
  new Gauge({
    name: 'inference_batch_rows',
    help: 'Rows of a run, on average since the start',
    labelNames,
    registers: [metrics],
    collect() {
      this.reset();
      for (const { ref, rows, runs } of statistics.all()) this.set(labelsOf(ref), runs === 0 ? 0 : rows / runs);
    },
  });
  new Gauge({
    name: 'inference_versions_held_back',
    help: 'Versions that run no more, as too many of their runs had to be ended',
    registers: [metrics],
    collect() {
      this.set(heldBack(state()).length);
    },
  });
  const killed = new Counter({
    name: 'inference_runs_killed_total',
    help: 'Runs that were ended with their process, by why',
    labelNames: [...labelNames, 'reason'],
    registers: [metrics],
  });
  return { killed };
};

/** `name@version` of what runs no more. */
export const heldBack = (state: RegistryState): string[] =>
  [...state.models.values()].flatMap(({ name, versions }) =>
    [...versions.keys()].flatMap((version) => (isHeldBack(state, { name, version }) ? [keyOf({ name, version })] : [])),
  );
