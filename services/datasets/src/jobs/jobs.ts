import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  AnalyzeRequest,
  type Dataset,
  datasetsCommands,
  type ProcessAnswer,
  ProcessRequest,
  ServiceError,
  type ValidateAnswer,
  ValidateRequest,
} from '@vindima/contracts';
import { idOf } from '../tables/keys.ts';
import { analyzeDataset } from '../work/analyze-dataset.ts';
import { importFile } from '../work/import-file.ts';
import { displayName } from '../work/names.ts';
import { processDataset } from '../work/process-dataset.ts';
import type { Tools } from '../work/tools.ts';
import { validateDataset } from '../work/validate-dataset.ts';

/** The work that is done in the background. What a job makes has an id that follows from the job's, so a second attempt makes the same. */
export const defineJobs = (tools: Tools) => {
  const { context, engine } = tools;
  const { jobs, config } = context;
  const timeout = config.DATASETS_JOB_TIMEOUT;
  // All jobs together are one caller: requests are not kept waiting by them.
  const caller = 'jobs';
  return {
    import: jobs.define({
      kind: 'datasets.import',
      input: datasetsCommands.import.payload,
      outputs: ({ file_id }: Dataset) => ({ tables: [file_id] }),
      run: ({ id, input, signal, progress, complete }) =>
        engine.withFolder(async (folder) => {
          progress(0.1, 'fetching the object');
          const path = join(folder, 'object');
          const size = await fetchObject(tools, input.object_key, path, signal);
          progress(0.3, 'reading the table');
          const filename = displayName(input.filename ?? input.object_key);
          const done = await importFile(
            tools,
            { path, folder, size, filename, options: input.options ?? {}, kind: 'import', source: input.object_key },
            { id: idOf(id), timeout, signal, caller },
          );
          await complete(async (transaction) => {
            await done.commit(transaction);
            return done.answer;
          });
        }),
    }),
    process: jobs.define({
      kind: 'datasets.process',
      input: ProcessRequest,
      outputs: ({ processed_data: { file_id } }: ProcessAnswer) => ({ tables: [file_id] }),
      run: async ({ id, input, signal, progress, complete }) => {
        progress(0.1, 'processing the table');
        const done = await processDataset(tools, input.file_id, input.operations, 0, {
          id: idOf(id),
          timeout,
          signal,
          caller,
        });
        await complete(async (transaction) => {
          await done.commit(transaction);
          return done.answer;
        });
      },
    }),
    validate: jobs.define({
      kind: 'datasets.validate',
      input: ValidateRequest,
      outputs: ({ errors_file_id: id }: ValidateAnswer) => (id === null ? {} : { tables: [id] }),
      run: async ({ id, input, signal, progress, complete }) => {
        progress(0.1, 'validating the table');
        const done = await validateDataset(tools, input.file_id, input.schema, {
          id: idOf(id),
          timeout,
          signal,
          caller,
        });
        await complete(async (transaction) => {
          await done.commit(transaction);
          return done.answer;
        });
      },
    }),
    analyze: jobs.define({
      kind: 'datasets.analyze',
      input: AnalyzeRequest,
      run: ({ input, signal, progress }) => {
        progress(0.1, 'analysing the table');
        return analyzeDataset(tools, input.file_id, input.analysis_type ?? 'descriptive', input.columns, {
          timeout,
          signal,
          caller,
        });
      },
    }),
  };
};

export type DatasetJobs = ReturnType<typeof defineJobs>;

/** Copies an object of the lake to local disk. @throws 404 `object_store.not_found`, 413 `datasets.too_large` */
const fetchObject = async (
  { context: { objects, config } }: Tools,
  key: string,
  path: string,
  signal: AbortSignal,
): Promise<number> => {
  const info = await objects.head(key);
  const maximum = config.DATASETS_MAX_IMPORT_SIZE;
  if (info === undefined) {
    throw new ServiceError(404, 'datasets.unknown_object', `There is no object ${JSON.stringify(key)}.`, {
      details: { object_key: key },
    });
  }
  if (info.size > maximum) {
    throw new ServiceError(
      413,
      'datasets.too_large',
      `The object has ${info.size} bytes; at most ${maximum} are imported.`,
      {
        details: { size: info.size, maximum },
      },
    );
  }
  await pipeline(await objects.stream(key), createWriteStream(path), { signal });
  return info.size;
};
