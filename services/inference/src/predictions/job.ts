import { PredictRequest, predictKind } from '@vindima/contracts';
import type { InferenceContext } from '../context.ts';
import { giveBackAtStop } from '../give-back.ts';
import type { InferenceJob } from '../ports.ts';
import { type PredictionPorts, runPrediction } from './run.ts';

/** The work of every prediction, whoever asked for it. */
export const definePrediction = (
  { jobs, clock, signal: stopping }: InferenceContext,
  ports: PredictionPorts,
): InferenceJob<PredictRequest> =>
  jobs.define({
    kind: predictKind,
    input: PredictRequest,
    run: ({ id, input, signal, progress }) => {
      const processingDate = clock().toISOString().slice(0, 10);
      return giveBackAtStop(stopping, signal, () =>
        runPrediction(ports, { id, input, signal, progress, processingDate }),
      );
    },
  });
