import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { ServiceError, services } from '@vindima/contracts';
import { defineService } from '@vindima/service-kit';
import { DatasetsConfig, limitsOf } from './config.ts';
import { datasetsMigrations } from './db/datasets-table.ts';
import { createEngine } from './engine/pool.ts';
import { defineJobs } from './jobs/jobs.ts';
import { removeExpired, removeExpiredSources } from './jobs/remove-expired.ts';
import { scheduleSweeps } from './jobs/schedule-sweeps.ts';
import { handleCommands } from './messages/commands.ts';
import { handleSeriesIngested } from './messages/series-ingested.ts';
import { analyze } from './operations/analyze.ts';
import { apiHealth } from './operations/api-health.ts';
import { deleteTable } from './operations/delete.ts';
import { download } from './operations/download.ts';
import { exportTable } from './operations/export.ts';
import { getTable } from './operations/get.ts';
import { listTables } from './operations/list.ts';
import { listRows } from './operations/list-rows.ts';
import { process } from './operations/process.ts';
import { reread } from './operations/reread.ts';
import { upload } from './operations/upload.ts';
import { validate } from './operations/validate.ts';
import { openScratch } from './tables/scratch.ts';
import { createTableStore } from './tables/table-store.ts';
import { limitedAs } from './work/run.ts';
import type { DatasetsContext, Tools } from './work/tools.ts';

/** Tables of any format in; clean, checked, understood and in any format out. */
export const datasets = defineService({
  name: 'datasets',
  ...services.datasets,
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
    apiHealth(tools);
    upload(tools);
    process(tools, jobs);
    validate(tools, jobs);
    analyze(tools, jobs);
    download(tools);
    listTables(tools);
    getTable(tools);
    listRows(tools);
    deleteTable(tools);
    exportTable(tools);
    reread(tools);
    await handleCommands(tools, jobs);
    await handleSeriesIngested(tools, jobs);
    schedule.cron('the removal of old results', '15 * * * *', async () => {
      await removeExpired(tools);
      await removeExpiredSources(tools);
    });
    scheduleSweeps(context);
  },
});
