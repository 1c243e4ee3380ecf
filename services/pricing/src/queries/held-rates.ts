import type { HeldRate, HeldRatesQuery } from '@vindima/contracts';
import type { Kysely } from 'kysely';
import { toHeldRate } from '../db/held-rates.ts';
import type { Tables } from '../db/tables.ts';

/** @returns the rates that were held back, newest first */
export const pageOfHeldRates = async (
  query: Kysely<Tables>,
  { limit = 100, cursor, state }: HeldRatesQuery,
): Promise<{ items: HeldRate[]; next_cursor: string | null }> => {
  let select = query.selectFrom('held_rates').selectAll();
  if (state !== undefined) select = select.where('state', '=', state);
  const [heldAt = '', id = ''] = cursor?.split('_') ?? [];
  if (cursor !== undefined) {
    select = select.where((where) =>
      where.or([where('held_at', '<', heldAt), where.and([where('held_at', '=', heldAt), where('id', '<', id)])]),
    );
  }
  const rows = await select
    .orderBy('held_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(toHeldRate),
    next_cursor: rows.length > limit && last !== undefined ? `${last.held_at}_${last.id}` : null,
  };
};
