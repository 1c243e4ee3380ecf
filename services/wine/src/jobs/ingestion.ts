import { join } from 'node:path';
import {
  type JobOutputs,
  ServiceError,
  type WineIngestionResult,
  WineIngestRequest,
  type WineSeriesOutcome,
  wineIngestionKind,
} from '@vindima/contracts';
import type { JobHandle } from '@vindima/service-kit';
import pLimit from 'p-limit';
import { type Static, Type } from 'typebox';
import type { AllTables, WineContext } from '../context.ts';
import { forecastMissing } from '../forecast/forecast-missing.ts';
import { createDatabaseBook } from '../ingest/database-book.ts';
import { runIngestion } from '../ingest/run-ingestion.ts';
import { fetchSettings } from '../ingest/settings.ts';
import type { ForecastingJob } from './forecasting.ts';

/** A request, and who asks to take held files. */
export const IngestionInput = Type.Object(
  { ...WineIngestRequest.properties, accepted_by: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
export type IngestionInput = Static<typeof IngestionInput>;
export type IngestionJob = JobHandle<IngestionInput, AllTables>;

/** Two ingestions of this process at once would fetch the same files twice. */
const oneAtATime = pLimit(1);

/**
 * The work of every ingestion, whoever asked for it. The job fails when no series could be ingested; then `error.details` has the
 * result that it else has.
 */
export const defineIngestion = (context: WineContext, forecasting: ForecastingJob): IngestionJob => {
  const { shelf, jobs, config, database, messages, objects, http, clock, logger } = context;
  return jobs.define({
    kind: wineIngestionKind,
    input: IngestionInput,
    summarize,
    outputs,
    run: (job) =>
      oneAtATime(async () => {
        const { signal, transaction, progress } = job;
        const ports = {
          http,
          settings: fetchSettings(config),
          clock,
          signal,
          objects,
          logger,
          progress,
          currentTables: shelf.tables,
          ...(job.input.accepted_by === undefined ? {} : { caller: job.input.accepted_by }),
          logFolder: join(config.DATA_DIR, 'logs', 'wine'),
          book: createDatabaseBook({ database, messages, objects, shelf, transaction }),
        };
        const result = await runIngestion(ports, job.id, job.input);
        if (result.outcome === 'failed') {
          const [first] = result.series;
          throw new ServiceError(
            502,
            'wine.ingestion_failed',
            `No series could be ingested; the first one said: ${first?.error?.error ?? 'nothing'}`,
            { details: { result } },
          );
        }
        if (result.series.some(({ outcome }) => outcome === 'ingested')) await forecastMissing(context, forecasting);
        return result;
      }),
  });
};

const outputs = ({ series }: WineIngestionResult): JobOutputs => ({
  objects: series.flatMap(({ outcome, object_key }) => (outcome === 'ingested' && object_key ? [object_key] : [])),
});

/** `15 ingested of 15 series, 38 warnings` */
const summarize = ({ series }: WineIngestionResult): string => {
  const count = (status: WineSeriesOutcome['outcome']) => series.filter(({ outcome }) => outcome === status).length;
  const parts = (['ingested', 'unchanged', 'held', 'failed'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  const warnings = series.reduce((sum, outcome) => sum + (outcome.warnings ?? 0), 0);
  return `${parts.join(', ')} of ${series.length} series${warnings === 0 ? '' : `, ${warnings} warnings`}`;
};
