import type { PricingRun, PricingRunState } from '@vindima/contracts';
import { fromJson, toJson } from '@vindima/database';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** How a run ended. Its id is that of its job; the job knows about it until then. */
export interface RunTable {
  id: string;
  state: PricingRunState;
  /** JSON: all of `PricingRun` */
  run: string;
  finished_at: string;
}

export const readRun = async (query: Kysely<Tables>, id: string): Promise<PricingRun | undefined> => {
  const row = await query.selectFrom('pricing_runs').select('run').where('id', '=', id).executeTakeFirst();
  return row && fromJson<PricingRun>(row.run);
};

/** Writes how a run ended; of a run that is begun again after a crash, the last end counts. */
export const writeRun = async (transaction: Transaction<Tables>, run: PricingRun): Promise<void> => {
  const { id, state, finished_at } = run;
  await transaction.deleteFrom('pricing_runs').where('id', '=', id).execute();
  await transaction
    .insertInto('pricing_runs')
    .values({ id, state, run: toJson(run), finished_at: finished_at ?? new Date(0).toISOString() })
    .execute();
};
