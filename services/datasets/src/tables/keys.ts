import { createHash } from 'node:crypto';

/** Where all stored tables are. */
export const tablesPrefix = 'datasets/tables/';

/** Where a stored table is: nothing of the key comes from a user. */
export const tableKey = (date: string, id: string): string => `${tablesPrefix}processing_date=${date}/${id}.parquet`;

/** Where all files are that tables were read from. */
export const sourcesPrefix = 'datasets/sources/';

export const sourceKey = (date: string, id: string): string => `${sourcesPrefix}processing_date=${date}/${id}`;

/** Where the exports of a table and their manifest are, as `@vindima/lake` lays them out. */
export const exportsOf = (id: string): string => `datasets/exports/${id}`;

/** The id of what a job makes: the same whenever the job is begun again. */
export const idOf = (job: string): string => {
  const hex = createHash('sha256').update(job).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
