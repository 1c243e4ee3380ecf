import { type MissingRate, ServiceError } from '@vindima/contracts';
import { addDays, dateOf, isCalendarDate } from '../calendar/dates.ts';
import { firstDay } from '../calendar/target.ts';
import type { PricingContext } from '../context.ts';
import { knownAt } from '../db/recordings.ts';
import { missingOf, missingRates, publishedRates, requireCoverage, requireNoHole } from '../queries/published-rates.ts';
import { fixedRate } from '../rates/currencies.ts';
import { future, noRate, rateDayOf } from '../rates/resolve-rate.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'clock'>;

/** Rates against the euro, of one day. */
export interface EuroDay {
  readonly date: string;
  readonly rates: ReadonlyMap<string, string>;
}

/** @throws ServiceError 422 `pricing.invalid_period` */
export const requireDates = (...dates: readonly string[]): void => {
  for (const date of dates) {
    if (!isCalendarDate(date)) throw invalid(`"${date}" is not a day of the calendar.`);
  }
  const [from, to] = dates;
  if (from !== undefined && to !== undefined && from > to) throw invalid('The period ends before it begins.');
};
const invalid = (message: string) => new ServiceError(422, 'pricing.invalid_period', message);

/**
 * The rates that hold on a day, and of the wanted currencies those that have none.
 *
 * @throws ServiceError 404 `pricing.no_rate`; 503 `pricing.rates_not_loaded`
 */
export const euroDay = async (
  context: Needs,
  date: string,
  wanted: readonly string[],
): Promise<EuroDay & { readonly missing: MissingRate[] }> => {
  const now = context.clock();
  if (date > dateOf(now)) throw future(date);
  const { sequence } = await knownAt(context.database.query);
  const published = await publishedRates(context, { from: date, to: date, currencies: undefined, sequence });
  const found = rateDayOf(published, date, now);
  const day = found && published.get(found.day);
  if (found === undefined || day === undefined) {
    const [error] = await missingRates(context, ['USD'], { date, sequence, now });
    throw error;
  }
  await requireCoverage(context, found.day);
  const rates = new Map(day);
  const missing: MissingRate[] = [];
  for (const currency of wanted) {
    const fixed = fixedRate(currency, date);
    if (fixed !== undefined) rates.set(currency, fixed);
    if (currency === 'EUR' || rates.has(currency)) continue;
    const [error] = await missingRates(context, [currency], { date, sequence, now });
    missing.push(missingOf(currency, error));
  }
  return { date: found.day, rates, missing };
};

/** The days with rates of a period, oldest first; where it begins on one without, the last one before it is the first, as Frankfurter has it. */
export const euroDays = async (context: Needs, from: string, until: string): Promise<EuroDay[]> => {
  const now = context.clock();
  const today = dateOf(now);
  if (from > today) throw future(from);
  const to = until < today ? until : today;
  if (to < firstDay) throw noRate('EUR', to, undefined);
  const { sequence } = await knownAt(context.database.query);
  const start = from < firstDay ? firstDay : from;
  await requireCoverage(context, start);
  const days: EuroDay[] = [];
  for (let first = start; first <= to; first = addDays(first, 366)) {
    const last = addDays(first, 365) < to ? addDays(first, 365) : to;
    const published = await publishedRates(context, { from: first, to: last, currencies: undefined, sequence });
    await requireNoHole(context, published, { from: first, to: last, now, sequence });
    const begin = first === start ? (rateDayOf(published, first, now)?.day ?? first) : first;
    const inside = [...published].filter(([date]) => date >= begin).sort(([one], [other]) => (one < other ? -1 : 1));
    days.push(...inside.map(([date, rates]) => ({ date, rates })));
  }
  return days;
};
