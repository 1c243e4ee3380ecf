import { AnalyzeAnswer, AnalyzeRequest, ErrorBody, Job } from '@vindima/contracts';
import { callerOf, mayChange, restKey } from '@vindima/service-kit';
import { analyzeDataset } from '../work/analyze-dataset.ts';
import type { DatasetJobs } from '../work/jobs.ts';
import { isJob, jobsAreForEditors, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { idempotencyHeaders, sendJob } from './start-job.ts';

/** `POST /api/analyze`: statistics of a table. */
export const analyzeRoute = (tools: Tools, jobs: DatasetJobs) => {
  tools.context.app.post(
    '/api/analyze',
    {
      schema: {
        tags: ['tables'],
        summary: 'Statistics of a table',
        description:
          '`descriptive`: mean, median, standard deviation (of the sample), smallest and largest value; one object for a table with one column of numbers, else one by column. `profile`: what each column holds. `correlation`: Pearson, between columns of numbers. Whoever may only read gets no job: a table which takes longer than a request is refused.',
        headers: idempotencyHeaders,
        body: AnalyzeRequest,
        response: { 200: AnalyzeAnswer, 202: Job, '4xx': ErrorBody },
      },
      // The shapes of analyses are alternatives, which a serializer made for one of them would cut.
      serializerCompiler: () => JSON.stringify,
    },
    async (request, reply) => {
      const { file_id, analysis_type = 'descriptive', columns, async } = request.body;
      const mayKeep = mayChange(callerOf(request), 'datasets');
      if (!mayKeep && async === true) throw jobsAreForEditors();
      if (mayKeep && (await isJob(tools, file_id, async))) {
        const input = { file_id, analysis_type, ...(columns === undefined ? {} : { columns }) };
        return sendJob(reply, await jobs.analyze.start(input, restKey(request)));
      }
      return analyzeDataset(
        tools,
        file_id,
        analysis_type,
        columns,
        requestOptions(tools, request, closedSignal(reply)),
      );
    },
  );
};
