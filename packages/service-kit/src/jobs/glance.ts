import { type Job, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import { sql } from 'kysely';
import { toJob } from './store.ts';
import { columnsWithoutInput, type JobTables } from './table.ts';

/** Of the input of a job, in characters, as it is told to who follows the job. */
const longestInput = 4096;

/**
 * Reads a job as whoever follows it is told of it: a large input, which never changes, is left out. Those who ask for the same job at the same
 * time share what is read.
 *
 * @returns what throws ServiceError 404 `<service>.unknown_job`
 */
export const createGlance = (database: Database<JobTables>, service: string) => {
  const asked = new Map<string, Promise<Job>>();
  const read = async (id: string): Promise<Job> => {
    const input = sql.ref('input');
    const row = await database.query
      .selectFrom('jobs')
      .select(columnsWithoutInput)
      .select(
        sql<string>`case when length(${input}) <= ${sql.lit(longestInput)} then ${input} else 'null' end`.as('input'),
      )
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new ServiceError(404, `${service}.unknown_job`, `There is no job ${id}.`);
    return toJob(row);
  };
  return (id: string): Promise<Job> => {
    const known = asked.get(id);
    if (known !== undefined) return known;
    const reading = read(id).finally(() => asked.delete(id));
    asked.set(id, reading);
    return reading;
  };
};
