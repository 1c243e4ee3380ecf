import { once } from 'node:events';

/**
 * Runs the work of a job so that a stop of the service does not look like a failure of the job: what the work needs may be closed before
 * the job is told to end, and it is to be begun again then.
 */
export const giveBackAtStop = async <Result>(
  service: AbortSignal,
  job: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (service.aborted && !job.aborted) await once(job, 'abort');
    throw job.aborted ? job.reason : error;
  }
};
