import { type HeldRate, ServiceError } from '@vindima/contracts';
import type { PricingContext } from '../context.ts';
import { settleHeld, toHeldRate } from '../db/held-rates.ts';
import { insertRates, knownRates } from '../db/rates.ts';
import { lockFeed, takePlaces } from '../db/recordings.ts';
import { diffRates } from '../history/diff-rates.ts';

/**
 * Records a rate that was held back, or keeps it from being recorded.
 *
 * @throws ServiceError 404 `pricing.unknown_held_rate`; 409 `pricing.rate_decided` for one that is decided on, or that is no rate at all
 */
export const decideHeldRate = (
  { database, clock }: Pick<PricingContext, 'database' | 'clock'>,
  { id, state, by }: { readonly id: string; readonly state: 'accepted' | 'rejected'; readonly by: string },
): Promise<HeldRate> =>
  database.transaction(async (writing) => {
    await lockFeed(writing);
    const row = await writing.selectFrom('held_rates').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) {
      throw new ServiceError(404, 'pricing.unknown_held_rate', `There is no held rate "${id}".`, { details: { id } });
    }
    if (row.state !== 'held') throw decided(`The rate was decided on already: ${row.state}.`, id);
    const { provider, currency, rate_date: date, rate } = row;
    const now = clock();
    if (state === 'accepted') {
      if (row.reason === 'not_positive') throw decided(`"${rate}" is no rate: it can be rejected only.`, id);
      const known = await knownRates(writing, provider, [date]);
      const found = diffRates(known, [{ currency, date, rate }]);
      if (found.length > 0) {
        const { first } = await takePlaces(writing, found.length, now);
        await insertRates(writing, provider, first, found);
      }
    }
    const decision = { state, at: now.toISOString(), by };
    await settleHeld(writing, [id], decision);
    return toHeldRate({ ...row, state, decided_at: decision.at, decided_by: by });
  });

const decided = (message: string, id: string) =>
  new ServiceError(409, 'pricing.rate_decided', message, { details: { id } });
