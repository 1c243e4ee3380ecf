import { ErrorBody, Job, ValidateAnswer, ValidateRequest } from '@vindima/contracts';
import type { DatasetJobs } from '../work/jobs.ts';
import { commit, isJob, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { validateDataset } from '../work/validate-dataset.ts';
import { closedSignal } from './closed.ts';
import { idempotencyHeaders, restKey, sendJob } from './start-job.ts';

/** `POST /api/validate`: holds a table to rules. */
export const validateRoute = (tools: Tools, jobs: DatasetJobs) => {
  tools.context.app.post(
    '/api/validate',
    {
      schema: {
        tags: ['tables'],
        summary: 'Check a table against rules',
        description:
          'Every value that breaks a rule is reported with its row (from 1, the header not counted), column, rule and message: the first 1,000 in the answer, all of them as the table `errors_file_id`.',
        headers: idempotencyHeaders,
        body: ValidateRequest,
        response: { 200: ValidateAnswer, 202: Job, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { file_id, schema, async } = request.body;
      if (await isJob(tools, file_id, async)) {
        return sendJob(
          reply,
          await jobs.validate.start({ file_id, schema }, restKey(request.headers['idempotency-key'])),
        );
      }
      return commit(tools, await validateDataset(tools, file_id, schema, requestOptions(tools, closedSignal(reply))));
    },
  );
};
