import { randomUUID } from 'node:crypto';
import { type HeldRate, type PricingProblem, ServiceError } from '@vindima/contracts';
import type { Transaction } from 'kysely';
import { addDays } from '../calendar/dates.ts';
import { type HeldRateTable, heldOnDays, settleHeld } from '../db/held-rates.ts';
import { ratesBetween, ratesOfCurrency } from '../db/rates.ts';
import type { Tables } from '../db/tables.ts';
import type { Observation } from '../ecb/observation.ts';
import { findSuspects, moveOf, newForDays, type Suspect } from '../rates/screen-rates.ts';
import { toProblem } from './problem.ts';

/** Another reading counts when it is this much later. */
const confirmedAfterMs = 3_600_000;

export interface Reading {
  /** The job that reads. */
  readonly id: string;
  readonly provider: string;
  readonly now: Date;
}

/**
 * Holds back the rates that are hard to believe, and lets through those that a person or, of new ones, a second reading has confirmed.
 *
 * @returns the observations to be recorded, and those held
 */
export const holdRates = async (
  transaction: Transaction<Tables>,
  observations: readonly Observation[],
  reading: Reading,
): Promise<{ readonly believed: Observation[]; readonly held: HeldRateTable[] }> => {
  const { provider, now } = reading;
  const days = [...new Set(observations.map(({ date }) => date))].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { believed: [], held: [] };
  const around = { from: addDays(first, -newForDays), to: addDays(last, newForDays) };
  const known = await ratesBetween(transaction, { provider, ...around, knownAt: Number.MAX_SAFE_INTEGER });
  const today = now.toISOString().slice(0, 10);
  const suspects = await findSuspects(observations, known, today, (currency) =>
    largestMove(transaction, provider, currency, first),
  );
  const rows = await heldOnDays(transaction, provider, days);
  const held: HeldRateTable[] = [];
  const kept = new Set<Observation>();
  for (const suspect of suspects) {
    const row = await holdOne(transaction, suspect, rows, reading);
    if (row === undefined) continue;
    kept.add(suspect.observation);
    if (row.state === 'held') held.push(row);
  }
  const believed = observations.filter((observation) => !kept.has(observation));
  await settleReplaced(transaction, believed, rows, now);
  return { believed, held };
};

/** @returns the row that keeps a rate back; undefined when it may be recorded */
const holdOne = async (
  transaction: Transaction<Tables>,
  { observation, reason, previous, next }: Suspect,
  rows: readonly HeldRateTable[],
  { id: job, provider, now }: Reading,
): Promise<HeldRateTable | undefined> => {
  const { currency, date, rate, refused } = observation;
  const text = (rate ?? refused ?? '').slice(0, 80);
  const known = rows.find((row) => row.currency === currency && row.rate_date === date && row.rate === text);
  const at = now.toISOString();
  if (known?.state === 'accepted' || known?.state === 'confirmed') return undefined;
  if (known !== undefined && known.state !== 'superseded') {
    const later = now.getTime() - Date.parse(known.held_at) >= confirmedAfterMs && known.read_by !== job;
    if (known.state === 'rejected' || known.reason !== 'jump' || !later) return known;
    await settleHeld(transaction, [known.id], { state: 'confirmed', at, by: null });
    return undefined;
  }
  if (known !== undefined) await transaction.deleteFrom('held_rates').where('id', '=', known.id).execute();
  const row: HeldRateTable = {
    id: randomUUID(),
    provider,
    currency,
    rate_date: date,
    rate: text,
    reason,
    previous_rate: previous,
    next_rate: next,
    state: 'held',
    read_by: job,
    held_at: at,
    decided_at: null,
    decided_by: null,
    changed_at: at,
  };
  await transaction.insertInto('held_rates').values(row).execute();
  return row;
};

/** What the provider has put right by itself waits for nobody. */
const settleReplaced = async (
  transaction: Transaction<Tables>,
  believed: readonly Observation[],
  rows: readonly HeldRateTable[],
  now: Date,
) => {
  const read = new Map(believed.map(({ currency, date, rate }) => [currency + date, rate]));
  const replaced = rows.filter(({ state, currency, rate_date, rate }) => {
    const present = read.get(currency + rate_date);
    return state === 'held' && present !== undefined && present !== rate;
  });
  const at = now.toISOString();
  await settleHeld(
    transaction,
    replaced.map(({ id }) => id),
    { state: 'superseded', at, by: null },
  );
};

const yearsOfHistory = 10;

const largestMove = async (transaction: Transaction<Tables>, provider: string, currency: string, before: string) => {
  const from = addDays(before, -366 * yearsOfHistory);
  const rates = await ratesOfCurrency(transaction, { provider, currency, from, to: addDays(before, -1) });
  let move = 0;
  for (const [index, rate] of rates.entries()) {
    const earlier = rates[index - 1];
    if (earlier !== undefined) move = Math.max(move, Math.abs(moveOf(earlier, rate)));
  }
  return { move, days: rates.length };
};

const reasons: Readonly<Record<HeldRate['reason'], string>> = {
  not_positive: 'it is not greater than zero',
  jump: 'it is further from the last one than this currency ever moved in a day; a second reading or a person may confirm it',
  comes_back: 'it jumps and the next day is back',
};

/** @returns the problem of a rate that is held back */
export const heldProblem = (row: HeldRateTable): PricingProblem => toProblem('rates', rateHeld(row));

/** The error for a day and currency whose rate is held back. */
export const rateHeld = ({ id, currency, rate_date: date, rate, reason, previous_rate }: HeldRateTable) =>
  new ServiceError(
    503,
    'pricing.rate_held',
    `The rate ${rate} of ${currency} on ${date} is held back: ${reasons[reason]}.`,
    { details: { id, currency, date, rate, reason, previous_rate } },
  );
