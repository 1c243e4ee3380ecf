import { randomUUID } from 'node:crypto';
import { datasetsOperations, type ProcessAnswer } from '@vindima/contracts';
import { answerWithJob, implement } from '@vindima/service-kit';
import type { DatasetJobs } from '../jobs/jobs.ts';
import { processDataset } from '../work/process-dataset.ts';
import { commit, isJob, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';

/** Applies operations to a table. */
export const process = (tools: Tools, jobs: DatasetJobs) =>
  implement(tools.context, datasetsOperations.process, async (request, reply) => {
    const { file_id, operations, async } = request.body;
    if (await isJob(tools, file_id, async)) {
      return answerWithJob(jobs.process, { file_id, operations }, request, reply);
    }
    const options = requestOptions(tools, request, closedSignal(reply));
    const { DATASETS_INLINE_LIMIT: inline } = tools.context.config;
    const done = await processDataset(tools, file_id, operations, inline, options);
    const answer = await commit(tools, done);
    reply.type('application/json; charset=utf-8');
    return withRows(answer, done.rows);
  });

/** The answer as JSON with rows that are JSON already: parsing them would round their largest integers. */
const withRows = (answer: ProcessAnswer, rows: string | undefined): string => {
  if (rows === undefined) return JSON.stringify(answer);
  const mark = randomUUID();
  const [before, after] = JSON.stringify({ ...answer, processed_data: { ...answer.processed_data, data: mark } }).split(
    `"${mark}"`,
  );
  return `${before}${rows.trimEnd()}${after}`;
};
