import type { HeldRate } from '@vindima/contracts';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A rate that a provider published and that is not believed, or was not. */
export interface HeldRateTable {
  id: string;
  provider: string;
  currency: string;
  rate_date: string;
  /** As it was published, also where that is no rate. */
  rate: string;
  reason: HeldRate['reason'];
  previous_rate: string | null;
  next_rate: string | null;
  state: HeldRate['state'];
  /** The job that read it first: a later one that reads it again confirms it. */
  read_by: string;
  held_at: string;
  decided_at: string | null;
  decided_by: string | null;
  /** When anything of the row last changed. */
  changed_at: string;
}

export const toHeldRate = ({ read_by: _by, changed_at: _at, rate_date, ...row }: HeldRateTable): HeldRate => ({
  ...row,
  date: rate_date,
});

/** @returns the rows of some days, whatever became of them */
export const heldOnDays = (query: Kysely<Tables>, provider: string, days: readonly string[]) =>
  days.length === 0
    ? Promise.resolve([])
    : query
        .selectFrom('held_rates')
        .selectAll()
        .where('provider', '=', provider)
        .where('rate_date', 'in', days)
        .orderBy('id')
        .execute();

/** @returns the rows that nobody has decided on, of a period */
export const heldBetween = (query: Kysely<Tables>, provider: string, from: string, to: string) =>
  query
    .selectFrom('held_rates')
    .selectAll()
    .where('provider', '=', provider)
    .where('state', '=', 'held')
    .where('rate_date', '>=', from)
    .where('rate_date', '<=', to)
    .execute();

/** Names the state of what is held: an answer that was made before it changed is out of date. */
export const lastHeldChange = async (query: Kysely<Tables>): Promise<string> => {
  const row = await query
    .selectFrom('held_rates')
    .select((held) => held.fn.max('changed_at').as('last'))
    .executeTakeFirst();
  return row?.last ?? '';
};

export const settleHeld = async (
  transaction: Transaction<Tables>,
  ids: readonly string[],
  { state, at, by }: { readonly state: HeldRate['state']; readonly at: string; readonly by: string | null },
): Promise<void> => {
  if (ids.length === 0) return;
  await transaction
    .updateTable('held_rates')
    .set({ state, decided_at: at, decided_by: by, changed_at: at })
    .where('id', 'in', ids)
    .execute();
};
