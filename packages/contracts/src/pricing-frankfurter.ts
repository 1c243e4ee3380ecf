import { Type } from 'typebox';
import { defineOperations, type OperationErrors } from './operations/define-operation.ts';
import { MissingRate } from './pricing.ts';
import { CalendarDate, StringEnum } from './schema.ts';

/** The API of Frankfurter (frankfurter.dev), as its clients speak it: paths, parameters and answers are theirs. Numbers are JSON numbers there. */
const codes = '^[A-Za-z]{3}(,[A-Za-z]{3}){0,59}$';
const code = (description: string) => Type.Optional(Type.String({ pattern: '^[A-Za-z]{3}$', description }));
const list = (description: string) => Type.Optional(Type.String({ pattern: codes, description }));
const rates = Type.Record(Type.String(), Type.Number());

export const FrankfurterV1Query = Type.Object({
  amount: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'To convert; default 1' })),
  base: code('Currency to convert from; default EUR'),
  from: code('The same, as older clients say it'),
  symbols: list('Currencies to convert to, separated by commas; all if left out'),
  to: list('The same, as older clients say it'),
});

const Extra = {
  missing: Type.Optional(Type.Array(MissingRate, { description: 'Not of Frankfurter: who has no rate, and why' })),
};
export const FrankfurterRates = Type.Object(
  {
    amount: Type.Number(),
    base: Type.String(),
    date: Type.Optional(CalendarDate),
    start_date: Type.Optional(CalendarDate),
    end_date: Type.Optional(CalendarDate),
    rates: Type.Union([rates, Type.Record(Type.String(), rates)]),
    ...Extra,
  },
  { title: 'FrankfurterRates' },
);

export const FrankfurterV2Query = Type.Object({
  base: code('Currency to convert from; default EUR'),
  quotes: list('Currencies to convert to, separated by commas; all if left out'),
  providers: Type.Optional(Type.String({ maxLength: 200, description: 'Whose rates; here one alone, ECB' })),
  date: Type.Optional({ ...CalendarDate, description: 'A day; default the last one' }),
  from: Type.Optional({ ...CalendarDate, description: 'First day of a period' }),
  to: Type.Optional({ ...CalendarDate, description: 'Last day of a period' }),
  group: Type.Optional(StringEnum(['week', 'month'], { description: 'Means of a period' })),
});
const FrankfurterRecord = Type.Object({
  date: CalendarDate,
  base: Type.String(),
  quote: Type.String(),
  rate: Type.Number(),
});
const FrankfurterCurrency = Type.Object({
  iso_code: Type.String(),
  name: Type.String(),
  start_date: Type.Union([CalendarDate, Type.Null()]),
  end_date: Type.Union([CalendarDate, Type.Null()]),
});

const common = {
  method: 'GET',
  tag: 'frankfurter',
  access: { role: 'viewer', scope: 'read' },
  legacy: true,
} as const;
const errors = {
  'pricing.no_rate': [404, 'There is no rate that holds on the day.'],
  'pricing.invalid_period': [422, 'The period, or a date of it, is none.'],
  'pricing.unknown_provider': [422, 'There is no such provider here.'],
  'pricing.rates_not_loaded': [503, 'The rates of that time are not loaded yet.'],
  'pricing.rate_held': [503, 'The rate is held back, as it is hard to believe.'],
} satisfies OperationErrors;
const v1 = {
  ...common,
  query: FrankfurterV1Query,
  errors,
  answers: { 200: { description: 'Rates', json: FrankfurterRates } },
} as const;
const latest = { ...v1, summary: "Frankfurter's latest rates" } as const;
const day = {
  ...v1,
  summary: "Frankfurter's rates of a day, or of a period (`2025-01-02..2025-01-31`, `2025-01-02..`)",
  params: Type.Object({
    date: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(\\.\\.(\\d{4}-\\d{2}-\\d{2})?)?$',
      description: 'A day, or a period',
      examples: ['2025-05-09'],
    }),
  }),
} as const;
const names = {
  ...common,
  summary: "Frankfurter's currencies, by code",
  answers: { 200: { description: 'Names', json: Type.Record(Type.String(), Type.String()) } },
  errors: {},
} as const;
const records = {
  ...common,
  summary: "Frankfurter's rates, one a row",
  query: FrankfurterV2Query,
  errors,
  answers: {
    200: { description: 'Rates', json: Type.Array(FrankfurterRecord), file: ['application/x-ndjson'] },
  },
} as const;
const currencies = {
  ...common,
  summary: "Frankfurter's currencies, with the days that they have rates of",
  answers: { 200: { description: 'Currencies', json: Type.Array(FrankfurterCurrency) } },
  errors: {},
} as const;

export const frankfurterOperations = defineOperations('pricing', {
  latestV1: { ...latest, path: '/v1/latest' },
  currenciesV1: { ...names, path: '/v1/currencies' },
  ratesV1: { ...day, path: '/v1/:date' },
  ratesV2: { ...records, path: '/v2/rates' },
  currenciesV2: { ...currencies, path: '/v2/currencies' },
  frankfurterLatestV1: { ...latest, path: '/frankfurter/v1/latest' },
  frankfurterCurrenciesV1: { ...names, path: '/frankfurter/v1/currencies' },
  frankfurterRatesV1: { ...day, path: '/frankfurter/v1/:date' },
  frankfurterRatesV2: { ...records, path: '/frankfurter/v2/rates' },
  frankfurterCurrenciesV2: { ...currencies, path: '/frankfurter/v2/currencies' },
});
