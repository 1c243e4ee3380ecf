import { type Static, Type } from 'typebox';
import { CalendarDate, CurrencyCode, DecimalString, Nullable, StringEnum, Timestamp } from './schema.ts';

const AsOf = {
  ...Timestamp,
  description: 'Answer from what was recorded at this instant; default now. The answer says which recording it used.',
};

/** Prices or rates of a published date: one leg of the way from one currency to another, always against the euro. */
export const RateLeg = Type.Object({
  base: Type.Literal('EUR'),
  quote: CurrencyCode,
  rate: { ...DecimalString, description: 'Units of `quote` for one euro, as published' },
  fixed: Type.Optional(Type.Boolean({ description: 'The law fixed it: the euro has replaced this currency' })),
});
export type RateLeg = Static<typeof RateLeg>;

/** What every answer says of a rate besides its days. */
const RateStanding = {
  provisional: Type.Boolean({ description: 'The rates of the requested day are not out yet; the last ones stand in' }),
  fixed: Type.Boolean({ description: 'A leg is fixed by law, because the euro has replaced the currency' }),
};

/** A currency that was asked for and has no rate: the others are answered all the same. */
export const MissingRate = Type.Object(
  {
    currency: CurrencyCode,
    code: Type.String({ description: 'Why, for a program', examples: ['pricing.no_rate', 'pricing.rate_held'] }),
    error: Type.String({ description: 'Why, in a sentence' }),
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'MissingRate' },
);
export type MissingRate = Static<typeof MissingRate>;
const Missing = Type.Array(MissingRate, { description: 'Currencies that were asked for and have no rate' });

/** A product at the rate of a day. Amounts are exact decimals; see the README for the rounding. */
export const PriceItem = Type.Object(
  {
    product_id: Type.Integer(),
    title: Type.String(),
    category: Type.String(),
    price: { ...DecimalString, description: 'As the store asks' },
    price_currency: CurrencyCode,
    price_valid_from: { ...Timestamp, description: 'Since when the store asks this price' },
    price_assumed: Type.Boolean({
      description: 'The requested date is before the first price known of this product, which is used instead',
    }),
    currency: CurrencyCode,
    amount: { ...DecimalString, description: "Rounded half to even at the currency's minor unit (ISO 4217)" },
    amount_unrounded: {
      ...DecimalString,
      description: '34 significant digits, half to even; exact where it has fewer',
    },
    rate: { ...DecimalString, description: 'Units of `currency` for one of `price_currency`, 34 significant digits' },
    rate_path: Type.String({ description: 'Currencies on the way', examples: ['USD>EUR>GBP'] }),
    rate_legs: Type.Array(RateLeg, { description: 'The published rates on the way, none if the currency is the same' }),
    requested_date: CalendarDate,
    rate_date: { ...CalendarDate, description: 'On which the rates were published' },
    carried_forward: Type.Boolean({
      description: 'No rate was published on the requested date; the last one before is used',
    }),
    ...RateStanding,
    provider: Type.String({ description: 'Who published the rates; `sandbox` ones are made up', examples: ['ecb'] }),
    source: Type.String({ description: 'Which store; `sandbox` products are made up' }),
  },
  { title: 'Price' },
);
export type PriceItem = Static<typeof PriceItem>;

export const PricesQuery = Type.Object({
  category: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Name or slug; all if left out' })),
  currency: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z]{3}(,[A-Za-z]{3}){0,59}$',
      default: 'EUR',
      description: 'One, or several separated by commas',
      examples: ['EUR', 'EUR,GBP'],
    }),
  ),
  date: Type.Optional({ ...CalendarDate, description: 'Default today' }),
  from: Type.Optional({ ...CalendarDate, description: 'With `to` instead of a date: every day with a published rate' }),
  to: Type.Optional({ ...CalendarDate, description: 'Last day of the period; default today' }),
  as_of: Type.Optional(AsOf),
  format: Type.Optional(StringEnum(['json', 'csv', 'parquet'], { default: 'json', description: 'Of the answer' })),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 50_000,
      description: 'Items per page; default 100 for JSON, and everything for CSV and Parquet',
    }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
});
export type PricesQuery = Static<typeof PricesQuery>;

export const PricesPage = Type.Object(
  {
    items: Type.Array(PriceItem),
    missing: Missing,
    next_cursor: Nullable(Type.String()),
    as_of: {
      ...Timestamp,
      description: 'The recording that answered: with this `as_of` the answer is the same for ever',
    },
  },
  { title: 'PricesPage' },
);
export type PricesPage = Static<typeof PricesPage>;

export const RatesQuery = Type.Object({
  base: Type.Optional(Type.String({ pattern: '^[A-Za-z]{3}$', default: 'EUR', description: 'Of one unit of this' })),
  quotes: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z]{3}(,[A-Za-z]{3}){0,59}$',
      description: 'Separated by commas; every currency with a rate if left out',
    }),
  ),
  from: Type.Optional({ ...CalendarDate, description: 'With `to`: every published rate of the period' }),
  to: Type.Optional({ ...CalendarDate, description: 'Last day of the period; default today' }),
  date: Type.Optional({
    ...CalendarDate,
    description: 'Instead of a period: the last published rate on or before it; default today',
  }),
  as_of: Type.Optional(AsOf),
  format: Type.Optional(StringEnum(['json', 'csv'], { default: 'json', description: 'Of the answer' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'Items per page' })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
});
export type RatesQuery = Static<typeof RatesQuery>;

export const RateItem = Type.Object(
  {
    base: CurrencyCode,
    quote: CurrencyCode,
    rate: {
      ...DecimalString,
      description: 'Units of `quote` for one of `base`; as published, or 34 significant digits',
    },
    rate_path: Type.String({ examples: ['USD>EUR>GBP'] }),
    rate_legs: Type.Array(RateLeg),
    requested_date: CalendarDate,
    rate_date: CalendarDate,
    carried_forward: Type.Boolean(),
    ...RateStanding,
    provider: Type.String(),
  },
  { title: 'Rate' },
);
export type RateItem = Static<typeof RateItem>;

export const RatesPage = Type.Object(
  { items: Type.Array(RateItem), missing: Missing, next_cursor: Nullable(Type.String()), as_of: Timestamp },
  { title: 'RatesPage' },
);
export type RatesPage = Static<typeof RatesPage>;

/** What is known of a product: the content that versions are compared by. */
export const ProductContent = Type.Object({
  title: Type.String(),
  slug: Nullable(Type.String()),
  price: DecimalString,
  currency: CurrencyCode,
  category_id: Nullable(Type.Integer()),
  category: Type.String(),
  category_slug: Nullable(Type.String()),
  description: Type.String(),
  images: Type.Array(Type.String()),
});
export type ProductContent = Static<typeof ProductContent>;

export const ProductItem = Type.Object(
  {
    product_id: Type.Integer(),
    ...ProductContent.properties,
    valid_from: { ...Timestamp, description: 'Since when this holds in the store' },
    recorded_at: { ...Timestamp, description: 'Since when this is known here' },
    source: Type.String(),
  },
  { title: 'Product' },
);
export type ProductItem = Static<typeof ProductItem>;

export const ProductsQuery = Type.Object({
  category: PricesQuery.properties.category,
  date: Type.Optional({ ...CalendarDate, description: 'The catalogue as it was on this day; default today' }),
  as_of: Type.Optional(AsOf),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Items per page' })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
});
export type ProductsQuery = Static<typeof ProductsQuery>;

export const ProductsPage = Type.Object(
  { items: Type.Array(ProductItem), next_cursor: Nullable(Type.String()), as_of: Timestamp },
  { title: 'ProductsPage' },
);
export type ProductsPage = Static<typeof ProductsPage>;

/** A currency: what it is called, which days it has rates of, and what became of it. */
export const CurrencyItem = Type.Object(
  {
    code: CurrencyCode,
    name: Type.String(),
    minor_unit: Type.Integer({ description: 'Digits behind the point (ISO 4217)' }),
    first_date: Nullable({ ...CalendarDate, description: 'First day with a published rate here' }),
    last_date: Nullable({ ...CalendarDate, description: 'Last day with a published rate here' }),
    status: StringEnum(['active', 'fixed', 'replaced', 'suspended', 'ended'], {
      description: 'fixed: by law, as the euro has replaced it; suspended: the ECB publishes no rates for now',
    }),
    successor: Nullable(
      Type.Object({
        currency: CurrencyCode,
        ratio: { ...DecimalString, description: 'Of the old currency for one of the successor' },
        from: { ...CalendarDate, description: 'First day' },
      }),
    ),
    suspended: Nullable(Type.Object({ from: CalendarDate, until: Nullable(CalendarDate) })),
    source: Nullable(Type.String({ description: 'Of the successor or the suspension' })),
  },
  { title: 'Currency' },
);
export type CurrencyItem = Static<typeof CurrencyItem>;

export const CurrencyList = Type.Object({ items: Type.Array(CurrencyItem) }, { title: 'CurrencyList' });
export type CurrencyList = Static<typeof CurrencyList>;
