import { type PredictionResult, PredictRequest, predictKind } from '@vindima/contracts';
import type { InferenceContext } from '../context.ts';
import type { InferenceJob } from '../ports.ts';
import { type PredictionPorts, runPrediction } from '../predictions/run.ts';

/** The work of every prediction, whoever asked for it. */
export const definePrediction = (
  { jobs, clock }: InferenceContext,
  ports: PredictionPorts,
): InferenceJob<PredictRequest> =>
  jobs.define({
    kind: predictKind,
    input: PredictRequest,
    outputs: ({ object_key }: PredictionResult) => ({ objects: [object_key] }),
    run: ({ id, input, signal, progress }) =>
      runPrediction(ports, { id, input, signal, progress, processingDate: clock().toISOString().slice(0, 10) }),
  });
