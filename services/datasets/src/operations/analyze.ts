import { datasetsOperations } from '@vindima/contracts';
import { answerWithJob, callerOf, implement, mayChange } from '@vindima/service-kit';
import type { DatasetJobs } from '../jobs/jobs.ts';
import { analyzeDataset } from '../work/analyze-dataset.ts';
import { isJob, jobsAreForEditors, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';

/** Computes statistics of a table. */
export const analyze = (tools: Tools, jobs: DatasetJobs) =>
  implement(
    tools.context,
    datasetsOperations.analyze,
    async (request, reply) => {
      const { file_id, analysis_type = 'descriptive', columns, async } = request.body;
      const mayKeep = mayChange(callerOf(request), 'datasets');
      if (!mayKeep && async === true) throw jobsAreForEditors();
      if (mayKeep && (await isJob(tools, file_id, async))) {
        const input = { file_id, analysis_type, ...(columns === undefined ? {} : { columns }) };
        return answerWithJob(jobs.analyze, input, request, reply);
      }
      const options = requestOptions(tools, request, closedSignal(reply));
      return analyzeDataset(tools, file_id, analysis_type, columns, options);
    },
    // The shapes of analyses are alternatives, which a serializer made for one of them would cut.
    { serializerCompiler: () => JSON.stringify },
  );
