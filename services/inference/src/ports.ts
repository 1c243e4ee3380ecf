import type { LoadModelRequest, PredictRequest } from '@vindima/contracts';
import type { JobHandle, KitTables } from '@vindima/service-kit';
import type { Desk } from './classify/desk.ts';
import type { InferenceContext } from './context.ts';
import type { InferenceTables } from './db/tables.ts';
import type { Recorder } from './history/recorder.ts';
import type { LoadPorts } from './registry/load.ts';
import type { Statistics } from './runtime/statistics.ts';

export type InferenceJob<Input> = JobHandle<Input, InferenceTables & KitTables>;

/** What routes and handlers are given. */
export interface Ports extends LoadPorts {
  readonly context: InferenceContext;
  readonly desk: Desk;
  readonly recorder: Recorder;
  readonly statistics: Statistics;
  readonly loading: InferenceJob<LoadModelRequest>;
  readonly predicting: InferenceJob<PredictRequest>;
}
