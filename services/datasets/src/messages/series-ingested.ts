import { wineSeriesIngested } from '@vindima/contracts';
import type { DatasetJobs } from '../jobs/jobs.ts';
import type { Tools } from '../work/tools.ts';

/** `events.wine.series-ingested`: every series becomes a table by itself, named for the series and its day. */
export const handleSeriesIngested = ({ context: { messages } }: Tools, jobs: DatasetJobs) =>
  messages.on(wineSeriesIngested, async ({ series, object_key, processing_date }, { transaction, message }) => {
    await jobs.import.start(
      { object_key, filename: `wine-${series}-${processing_date}.parquet`, options: { format: 'parquet' } },
      { transaction, idempotencyKey: `message-${message.id}` },
    );
  });
