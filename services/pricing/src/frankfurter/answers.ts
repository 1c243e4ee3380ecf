import { type FrankfurterV1Query, type FrankfurterV2Query, ServiceError } from '@vindima/contracts';
import type { Static } from 'typebox';
import { dateOf } from '../calendar/dates.ts';
import type { PricingContext } from '../context.ts';
import { listedCurrencies } from '../queries/list-currencies.ts';
import { currencies } from '../rates/currencies.ts';
import { noRate } from '../rates/resolve-rate.ts';
import { euroDay, euroDays, requireDates } from './days.ts';
import { meansOf, type Row } from './group.ts';
import { quoteDay } from './quote.ts';
import { roundAsFrankfurter } from './round.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'clock'>;
type V1 = Static<typeof FrankfurterV1Query>;
type V2 = Static<typeof FrankfurterV2Query>;

const split = (list: string | undefined) => list?.toUpperCase().split(',');
const askedBy = ({ amount = 1, base, from, symbols, to }: V1) => ({
  amount,
  base: (from ?? base ?? 'EUR').toUpperCase(),
  symbols: split(to ?? symbols),
});
const currenciesOf = ({ base, symbols = [] }: { base: string; symbols: readonly string[] | undefined }) => [
  base,
  ...symbols,
];

/** `/v1/latest` and `/v1/{date}`. @throws ServiceError 404 when nothing is left to answer */
export const ratesOfDay = async (context: Needs, date: string, query: V1) => {
  requireDates(date);
  const asked = askedBy(query);
  const day = await euroDay(context, date, currenciesOf(asked));
  const rates = quoteDay(day, asked);
  if (rates === undefined) throw noRate(asked.symbols?.[0] ?? asked.base, date, undefined);
  const missing = day.missing.length === 0 ? {} : { missing: day.missing };
  return { amount: asked.amount, base: asked.base, date: day.date, rates, ...missing };
};

/** `/v1/{from}..{to}` */
export const ratesOfPeriod = async (context: Needs, from: string, to: string, query: V1) => {
  requireDates(from, to);
  const asked = askedBy(query);
  const days = (await euroDays(context, from, to)).flatMap((day) => {
    const rates = quoteDay(day, asked);
    return rates === undefined ? [] : [[day.date, rates] as const];
  });
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw noRate(asked.symbols?.[0] ?? asked.base, to, undefined);
  const { amount, base } = asked;
  return { amount, base, start_date: first[0], end_date: last[0], rates: Object.fromEntries(days) };
};

/** `/v1/currencies`: those of the last day. */
export const currencyNames = async (context: Needs) => {
  const { rates } = await euroDay(context, dateOf(context.clock()), []);
  const codes = ['EUR', ...rates.keys()].sort();
  return Object.fromEntries(codes.map((code) => [code, currencies.get(code)?.name ?? code]));
};

/** `/v2/currencies` */
export const currencyList = async (context: Needs) =>
  (await listedCurrencies(context))
    .filter(({ code, status, last_date }) => code === 'EUR' || (status === 'active' && last_date !== null))
    .map(({ code, name, first_date, last_date }) => ({
      iso_code: code,
      name,
      start_date: first_date,
      end_date: last_date,
    }));

/** `/v2/rates`: a row for each day and currency, the base's own with rate 1 among them. */
export const recordsOf = async (context: Needs, query: V2) => {
  const { provider } = context.sources;
  const { date, from, to, group } = query;
  const wanted = query.providers?.toLowerCase().split(',') ?? [];
  if (wanted.some((name) => name !== provider && name !== 'ecb')) {
    throw new ServiceError(422, 'pricing.unknown_provider', `The rates here are those of ${provider} alone.`, {
      details: { known: [provider] },
    });
  }
  const base = (query.base ?? 'EUR').toUpperCase();
  const quotes = split(query.quotes);
  const asked = { amount: 1, base, symbols: quotes };
  const today = dateOf(context.clock());
  const isPeriod = from !== undefined || to !== undefined;
  if (isPeriod && from === undefined) throw new ServiceError(422, 'pricing.invalid_period', '`to` needs a `from`.');
  if (isPeriod) requireDates(from ?? '', to ?? today);
  const days = isPeriod
    ? await euroDays(context, from ?? today, to ?? today)
    : [await euroDay(context, date ?? today, currenciesOf(asked))];
  const rows = days.flatMap((day): Row[] => {
    const rates = quoteDay(day, asked);
    if (rates === undefined) return [];
    const own = quotes === undefined || quotes.includes(base) ? { [base]: 1 } : {};
    return Object.entries({ ...rates, ...own })
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([quote, rate]) => ({ date: day.date, quote, rate }));
  });
  const grouped = isPeriod && group !== undefined ? meansOf(rows, group) : rows;
  return grouped.map(({ date: on, quote, rate }) => ({ date: on, base, quote, rate: roundAsFrankfurter(rate) }));
};
