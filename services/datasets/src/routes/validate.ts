import { ErrorBody, Job, ValidateAnswer, ValidateRequest } from '@vindima/contracts';
import { callerOf, mayChange, restKey } from '@vindima/service-kit';
import type { DatasetJobs } from '../work/jobs.ts';
import { commit, isJob, jobsAreForEditors, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { validateDataset } from '../work/validate-dataset.ts';
import { closedSignal } from './closed.ts';
import { idempotencyHeaders, sendJob } from './start-job.ts';

/** `POST /api/validate`: holds a table to rules. */
export const validateRoute = (tools: Tools, jobs: DatasetJobs) => {
  tools.context.app.post(
    '/api/validate',
    {
      schema: {
        tags: ['tables'],
        summary: 'Check a table against rules',
        description:
          'Every value that breaks a rule is reported with its row (from 1, the header not counted), column, rule and message: the first 1,000 in the answer, all of them as the table `errors_file_id`. Whoever may only read gets the report alone: no table is made (`errors_file_id` is null) and no job, so that a table which takes longer than a request is refused.',
        headers: idempotencyHeaders,
        body: ValidateRequest,
        response: { 200: ValidateAnswer, 202: Job, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { file_id, schema, async } = request.body;
      const mayKeep = mayChange(callerOf(request), 'datasets');
      if (mayKeep && (await isJob(tools, file_id, async))) {
        return sendJob(reply, await jobs.validate.start({ file_id, schema }, restKey(request)));
      }
      if (!mayKeep && async === true) throw jobsAreForEditors();
      const options = requestOptions(tools, request, closedSignal(reply));
      const done = await validateDataset(tools, file_id, schema, options, mayKeep);
      return mayKeep ? commit(tools, done) : done.answer;
    },
  );
};
