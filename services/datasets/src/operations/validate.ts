import { datasetsOperations } from '@vindima/contracts';
import { answerWithJob, callerOf, implement, mayChange } from '@vindima/service-kit';
import type { DatasetJobs } from '../jobs/jobs.ts';
import { commit, isJob, jobsAreForEditors, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { validateDataset } from '../work/validate-dataset.ts';
import { closedSignal } from './closed.ts';

/** Holds a table to rules. */
export const validate = (tools: Tools, jobs: DatasetJobs) =>
  implement(tools.context, datasetsOperations.validate, async (request, reply) => {
    const { file_id, schema, async } = request.body;
    const mayKeep = mayChange(callerOf(request), 'datasets');
    if (mayKeep && (await isJob(tools, file_id, async))) {
      return answerWithJob(jobs.validate, { file_id, schema }, request, reply);
    }
    if (!mayKeep && async === true) throw jobsAreForEditors();
    const options = requestOptions(tools, request, closedSignal(reply));
    const done = await validateDataset(tools, file_id, schema, options, mayKeep);
    return mayKeep ? commit(tools, done) : done.answer;
  });
