import { sql } from 'kysely';
import type { InferenceQueries } from './tables.ts';

/** The one row of the table. */
const only = 1;

export const insertServing = async (query: InferenceQueries) => {
  await query.insertInto('serving').values({ id: only, current_model: null, revision: 0 }).execute();
};

export const readServing = (query: InferenceQueries) =>
  query.selectFrom('serving').select(['current_model', 'revision']).where('id', '=', only).executeTakeFirstOrThrow();

/**
 * Says that something changed which every replica must follow. First thing in such a transaction: its row is what the changes of all
 * replicas queue up for.
 */
export const touchServing = async (query: InferenceQueries): Promise<void> => {
  await query.updateTable('serving').set({ revision: sql`revision + 1` }).where('id', '=', only).execute();
};

export const setCurrentModel = async (query: InferenceQueries, name: string | null): Promise<void> => {
  await query.updateTable('serving').set({ current_model: name }).where('id', '=', only).execute();
};
