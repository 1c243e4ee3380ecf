import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { ServiceError } from '@vindima/contracts';
import { defineService } from '@vindima/service-kit';
import { DatasetsConfig, limitsOf } from './config.ts';
import { datasetsMigrations } from './db/datasets-table.ts';
import { createEngine } from './engine/pool.ts';
import { handleCommands } from './handlers/commands.ts';
import { handleSeriesIngested } from './handlers/series-ingested.ts';
import { analyzeRoute } from './routes/analyze.ts';
import { deleteDatasetRoute } from './routes/delete-dataset.ts';
import { download } from './routes/download.ts';
import { exportDataset } from './routes/export-dataset.ts';
import { getApiHealth } from './routes/health.ts';
import { listDatasetsRoute } from './routes/list-datasets.ts';
import { previewRows } from './routes/preview-rows.ts';
import { processRoute } from './routes/process.ts';
import { upload } from './routes/upload.ts';
import { validateRoute } from './routes/validate.ts';
import { openScratch } from './tables/scratch.ts';
import { createTableStore } from './tables/table-store.ts';
import { defineJobs } from './work/jobs.ts';
import { removeExpired } from './work/remove-expired.ts';
import { limitedAs } from './work/run.ts';
import { scheduleSweeps } from './work/schedule-sweeps.ts';
import type { DatasetsContext, Tools } from './work/tools.ts';

/** Tables of any format in; clean, checked, understood and in any format out. */
export const datasets = defineService({
  name: 'datasets',
  title: 'Datasets',
  description: 'Upload a table, clean it, check it, understand it, take it away in any format',
  port: 8103,
  config: DatasetsConfig,
  // Rules for thousands of columns are long.
  bodyLimit: 8 * 2 ** 20,
  migrations: datasetsMigrations,
  async compose(context: DatasetsContext) {
    const { app, config, objects, schedule, onStop } = context;
    const scratch = await openScratch(config.DATASETS_SCRATCH_DIR, context.logger);
    onStop(() => rm(scratch, { recursive: true, force: true }));
    const engine = createEngine({
      folder: scratch,
      processes: config.DATASETS_ENGINE_PROCESSES,
      waiting: config.DATASETS_ENGINE_WAITING,
      limits: limitsOf(config),
    });
    onStop(() => engine.close());
    const store = await createTableStore(objects, join(scratch, 'tables'), config.DATASETS_CACHE_SIZE);
    const tools: Tools = { context, engine, store };

    await app.register(multipart);
    if (config.DATASETS_RATE_LIMIT > 0) {
      await app.register(rateLimit, {
        max: config.DATASETS_RATE_LIMIT,
        timeWindow: 60_000,
        // Behind the gateway all come from its address.
        keyGenerator: limitedAs,
        errorResponseBuilder: (_request, { after }) =>
          new ServiceError(429, 'datasets.too_many_requests', `Too many requests; try again in ${after}.`),
      });
    }
    const jobs = defineJobs(tools);
    getApiHealth(tools);
    upload(tools);
    processRoute(tools, jobs);
    validateRoute(tools, jobs);
    analyzeRoute(tools, jobs);
    download(tools);
    listDatasetsRoute(tools);
    previewRows(tools);
    deleteDatasetRoute(tools);
    exportDataset(tools);
    await handleCommands(tools, jobs);
    await handleSeriesIngested(tools, jobs);
    schedule.cron('the removal of old results', '15 * * * *', () => removeExpired(tools));
    scheduleSweeps(context);
  },
});
