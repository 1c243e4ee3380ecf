import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** For which days a provider's rates were asked for, so that a day without one is known to have none. */
export interface CoverageTable {
  provider: string;
  /** First day. */
  covered_from: string;
  /** When the last days were asked for. */
  synced_at: string;
}

export interface Coverage {
  readonly from: string;
  readonly syncedAt: string;
}

export const readCoverage = async (query: Kysely<Tables>, provider: string): Promise<Coverage | undefined> => {
  const row = await query.selectFrom('rate_coverage').selectAll().where('provider', '=', provider).executeTakeFirst();
  return row && { from: row.covered_from, syncedAt: row.synced_at };
};

export const writeCoverage = async (
  transaction: Transaction<Tables>,
  provider: string,
  { from, syncedAt }: Coverage,
): Promise<void> => {
  await transaction.deleteFrom('rate_coverage').where('provider', '=', provider).execute();
  await transaction.insertInto('rate_coverage').values({ provider, covered_from: from, synced_at: syncedAt }).execute();
};
