import { randomUUID } from 'node:crypto';
import { ErrorBody, Job, ProcessAnswer, ProcessRequest } from '@vindima/contracts';
import { restKey } from '@vindima/service-kit';
import type { DatasetJobs } from '../work/jobs.ts';
import { processDataset } from '../work/process-dataset.ts';
import { commit, isJob, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { sendWritten } from './send-text.ts';
import { idempotencyHeaders, sendJob } from './start-job.ts';

/** `POST /api/process`: applies operations to a table. */
export const processRoute = (tools: Tools, jobs: DatasetJobs) => {
  const { app, config } = tools.context;
  app.post(
    '/api/process',
    {
      schema: {
        tags: ['tables'],
        summary: 'Clean and transform a table',
        description:
          'Operations are applied in their order; the result is a table of its own. A small result is in the answer, a large one is a link. `async`, or a large table, is answered with 202 and a job.',
        headers: idempotencyHeaders,
        body: ProcessRequest,
        response: { 200: ProcessAnswer, 202: Job, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { file_id, operations, async } = request.body;
      if (await isJob(tools, file_id, async)) {
        return sendJob(reply, await jobs.process.start({ file_id, operations }, restKey(request)));
      }
      const options = requestOptions(tools, request, closedSignal(reply));
      const done = await processDataset(tools, file_id, operations, config.DATASETS_INLINE_LIMIT, options);
      const answer = await commit(tools, done);
      reply.type('application/json; charset=utf-8');
      return sendWritten(reply, withRows(answer, done.rows));
    },
  );
};

/** The answer as JSON with rows that are JSON already: parsing them would round their largest integers. */
const withRows = (answer: ProcessAnswer, rows: string | undefined): string => {
  if (rows === undefined) return JSON.stringify(answer);
  const mark = randomUUID();
  const [before, after] = JSON.stringify({ ...answer, processed_data: { ...answer.processed_data, data: mark } }).split(
    `"${mark}"`,
  );
  return `${before}${rows.trimEnd()}${after}`;
};
