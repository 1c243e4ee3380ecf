import type { Kysely, Transaction } from 'kysely';
import { type KnownRate, type RateRevision, rateKey } from '../history/diff-rates.ts';
import type { Tables } from './tables.ts';

/** A published rate, or a revision of it. Rows are added, never changed. */
export interface RateTable {
  /** Place in the feed. */
  sequence: number;
  provider: string;
  rate_date: string;
  currency: string;
  /** From 1. */
  revision: number;
  /** Units of the currency for one euro, exactly as text; null where it was withdrawn. */
  rate: string | null;
}

const rowsPerInsert = 4000;
/** Revisions that are read to find the last rate that was not withdrawn. */
const lookBack = 1000;

/** @returns the newest revision of every rate of some days, by `rateKey` */
export const knownRates = async (
  transaction: Transaction<Tables>,
  provider: string,
  dates: readonly string[],
): Promise<Map<string, KnownRate>> => {
  const rows = await transaction
    .selectFrom('rates')
    .select(['currency', 'rate_date', 'rate', 'revision'])
    .where('provider', '=', provider)
    .where('rate_date', 'in', dates)
    .orderBy('revision')
    .execute();
  return new Map(rows.map(({ currency, rate_date, ...known }) => [rateKey(currency, rate_date), known]));
};

export const insertRates = async (
  transaction: Transaction<Tables>,
  provider: string,
  firstSequence: number,
  revisions: readonly RateRevision[],
): Promise<void> => {
  for (let start = 0; start < revisions.length; start += rowsPerInsert) {
    const rows = revisions.slice(start, start + rowsPerInsert).map(({ currency, date, rate, revision }, index) => ({
      sequence: firstSequence + start + index,
      provider,
      rate_date: date,
      currency,
      revision,
      rate,
    }));
    await transaction.insertInto('rates').values(rows).execute();
  }
};

/** Which rates: `from` and `to` are inclusive; all currencies without `currencies`. */
export interface RatesBetween {
  readonly provider: string;
  readonly from: string;
  readonly to: string;
  readonly currencies?: readonly string[];
  /** As far as this place of the feed. */
  readonly knownAt: number;
}

/** @returns the rates of a period as they were known: by date, then by currency; without those that were withdrawn */
export const ratesBetween = async (query: Kysely<Tables>, wanted: RatesBetween) => {
  let rows = query
    .selectFrom('rates')
    .select(['rate_date', 'currency', 'rate'])
    .where('provider', '=', wanted.provider)
    .where('rate_date', '>=', wanted.from)
    .where('rate_date', '<=', wanted.to)
    .where('sequence', '<=', wanted.knownAt);
  if (wanted.currencies !== undefined) {
    if (wanted.currencies.length === 0) return new Map<string, Map<string, string>>();
    rows = rows.where('currency', 'in', wanted.currencies);
  }
  const byDate = new Map<string, Map<string, string>>();
  // Later revisions overwrite earlier ones.
  for (const { rate_date, currency, rate } of await rows.orderBy('rate_date').orderBy('revision').execute()) {
    const day = byDate.get(rate_date) ?? new Map<string, string>();
    if (rate === null) day.delete(currency);
    else day.set(currency, rate);
    byDate.set(rate_date, day);
  }
  // A day whose rates were all withdrawn has none.
  for (const [date, day] of byDate) if (day.size === 0) byDate.delete(date);
  return byDate;
};

/** @returns the day of the last rate of a currency on or before a date, as far as known then; undefined when there is none */
export const lastRateDate = async (
  query: Kysely<Tables>,
  { provider, currency, date, sequence }: { provider: string; currency: string; date: string; sequence: number },
): Promise<string | undefined> => {
  const rows = await query
    .selectFrom('rates')
    .select(['rate_date', 'rate'])
    .where('provider', '=', provider)
    .where('rate_date', '<=', date)
    .where('currency', '=', currency)
    .where('sequence', '<=', sequence)
    .orderBy('rate_date', 'desc')
    .orderBy('revision', 'desc')
    .limit(lookBack)
    .execute();
  // Of each day its newest revision counts; a withdrawn rate is none.
  const newest = new Map(rows.toReversed().map(({ rate_date, rate }) => [rate_date, rate]));
  return [...newest.keys()].sort().findLast((day) => newest.get(day) !== null);
};

/** @returns those of some days that have a rate of any currency, as far as known then */
export const daysWithRates = async (
  query: Kysely<Tables>,
  provider: string,
  days: readonly string[],
  sequence: number,
): Promise<Set<string>> => {
  const found = new Set<string>();
  for (let start = 0; start < days.length; start += 1000) {
    const rows = await query
      .selectFrom('rates')
      .select('rate_date')
      .distinct()
      .where('provider', '=', provider)
      .where('rate_date', 'in', days.slice(start, start + 1000))
      .where('sequence', '<=', sequence)
      .where('rate', 'is not', null)
      .execute();
    for (const { rate_date } of rows) found.add(rate_date);
  }
  return found;
};

/** @returns the rates of one currency in a period, oldest first, as they are known now */
export const ratesOfCurrency = async (
  query: Kysely<Tables>,
  { provider, currency, from, to }: { provider: string; currency: string; from: string; to: string },
): Promise<string[]> => {
  const between = { provider, from, to, currencies: [currency], knownAt: Number.MAX_SAFE_INTEGER };
  return [...(await ratesBetween(query, between)).values()].flatMap((day) => day.get(currency) ?? []);
};

/** @returns the last day on or before one that has a rate of any currency */
export const lastDayWithRates = async (query: Kysely<Tables>, provider: string, until: string) => {
  const { last } = await query
    .selectFrom('rates')
    .select((row) => row.fn.max('rate_date').as('last'))
    .where('provider', '=', provider)
    .where('rate_date', '<=', until)
    .where('rate', 'is not', null)
    .executeTakeFirstOrThrow();
  return last ?? undefined;
};

/** @returns the first and the last day with a rate, by currency */
export const currencySpans = async (query: Kysely<Tables>, provider: string) => {
  const rows = await query
    .selectFrom('rates')
    .select((row) => ['currency', row.fn.min('rate_date').as('first'), row.fn.max('rate_date').as('last')])
    .where('provider', '=', provider)
    .where('rate', 'is not', null)
    .groupBy('currency')
    .execute();
  return new Map(rows.map(({ currency, first, last }) => [currency, { first, last }]));
};

/** @returns the first and the last day with a rate */
export const rateSpan = async (query: Kysely<Tables>, provider: string) => {
  const { first, last } = await query
    .selectFrom('rates')
    .select((row) => [row.fn.min('rate_date').as('first'), row.fn.max('rate_date').as('last')])
    .where('provider', '=', provider)
    .executeTakeFirstOrThrow();
  return first === null || last === null ? undefined : { first, last };
};
