import { type Static, Type } from 'typebox';
import { defineCommand, defineEvent } from './messages.ts';
import { Page } from './pagination.ts';
import { CalendarDate, DecimalString, Nullable, StringEnum, Timestamp } from './schema.ts';

/** ISO 4217, alphabetic. */
export const CurrencyCode = Type.String({ pattern: '^[A-Z]{3}$', examples: ['USD'] });

/** What a pricing run is asked for: by `POST /pricing/runs`, by `commands.pricing.run` and by the schedule. */
export const PricingRunInput = Type.Object(
  {
    categories: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 100,
        description: 'Names or slugs of store categories, whatever their case; every category if empty or left out',
        examples: [['Shoes']],
      }),
    ),
    currencies: Type.Optional(
      Type.Array(CurrencyCode, {
        minItems: 1,
        maxItems: 60,
        description: 'Default ["EUR"]',
        examples: [['EUR', 'GBP']],
      }),
    ),
    from: Type.Optional({ ...CalendarDate, description: 'First day of the period; default `to`' }),
    to: Type.Optional({ ...CalendarDate, description: 'Last day of the period; default today' }),
  },
  { title: 'PricingRunInput', additionalProperties: false },
);
export type PricingRunInput = Static<typeof PricingRunInput>;

export const pricingRunStates = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export type PricingRunState = (typeof pricingRunStates)[number];

/** Why a run is not whole. */
export const PricingProblem = Type.Object({
  part: StringEnum(['rates', 'products', 'prices', 'snapshot'], { description: 'What is missing' }),
  code: Type.String({ examples: ['upstream.failed', 'pricing.no_rate'] }),
  error: Type.String({ description: 'In a sentence, for a person' }),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type PricingProblem = Static<typeof PricingProblem>;

const RateCounts = Type.Object({
  observations: Type.Integer({ description: 'Rates that the answers held' }),
  inserted: Type.Integer({ description: 'Days and currencies seen for the first time' }),
  revised: Type.Integer({ description: 'Known ones with another value than before; both are kept' }),
});
export type RateCounts = Static<typeof RateCounts>;

const ProductCounts = Type.Object({
  seen: Type.Integer({ description: 'Products in the store' }),
  inserted: Type.Integer(),
  updated: Type.Integer(),
  deleted: Type.Integer(),
  returned: Type.Integer({ description: 'Deleted before, and there again' }),
});
export type ProductCounts = Static<typeof ProductCounts>;

/** The rows of one run, as Parquet in the lake. */
export const PriceSnapshot = Type.Object(
  {
    run_id: Type.String(),
    processing_date: CalendarDate,
    key: Type.String({
      description: 'Of the Parquet file in the lake',
      examples: ['pricing/prices/processing_date=2026-11-21/pricing-0199d0a2.parquet'],
    }),
    manifest_key: Type.String({ description: 'Of the manifest beside it, written last' }),
    rows: Type.Integer(),
    bytes: Type.Integer(),
    sha256: Type.String(),
    currencies: Type.Array(CurrencyCode),
    from: CalendarDate,
    to: CalendarDate,
    source: Type.String({ description: 'Whose rates and products: `sandbox` is made-up data' }),
  },
  { title: 'PriceSnapshot' },
);
export type PriceSnapshot = Static<typeof PriceSnapshot>;

/** A run, as `GET /pricing/runs/{id}` shows it; its id is the id of its job. */
export const PricingRun = Type.Object(
  {
    id: Type.String({ examples: ['pricing-0199d0a2-6c5e-7b21-9f0e-3a3f5f1d2c44'] }),
    state: StringEnum(pricingRunStates, {
      description: 'partial: some of it is recorded, `problems` say what is missing; the same run again completes it',
    }),
    input: PricingRunInput,
    problems: Type.Array(PricingProblem),
    rates: RateCounts,
    products: ProductCounts,
    prices: Type.Integer({ description: 'Rows: products x currencies x days with a rate' }),
    snapshot: Nullable(PriceSnapshot),
    as_of: Nullable({
      ...Timestamp,
      description: 'The last recording when it ended: with it, `GET /prices` answers the same for ever',
    }),
    created_at: Timestamp,
    started_at: Nullable(Timestamp),
    finished_at: Nullable(Timestamp),
  },
  { title: 'PricingRun' },
);
export type PricingRun = Static<typeof PricingRun>;

const AsOf = {
  ...Timestamp,
  description: 'Answer from what was recorded at this instant; default now. The answer says which recording it used.',
};

/** Prices or rates of a published date: one leg of the way from one currency to another, always against the euro. */
export const RateLeg = Type.Object({
  base: Type.Literal('EUR'),
  quote: CurrencyCode,
  rate: { ...DecimalString, description: 'Units of `quote` for one euro, as published' },
});
export type RateLeg = Static<typeof RateLeg>;

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
  format: Type.Optional(StringEnum(['json', 'csv', 'parquet'], { default: 'json' })),
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
  base: Type.Optional({ ...CurrencyCode, default: 'EUR' }),
  quotes: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{3}(,[A-Z]{3}){0,59}$',
      description: 'Separated by commas; every currency with a rate if left out',
    }),
  ),
  from: Type.Optional({ ...CalendarDate, description: 'With `to`: every published rate of the period' }),
  to: Type.Optional(CalendarDate),
  date: Type.Optional({
    ...CalendarDate,
    description: 'Instead of a period: the last published rate on or before it; default today',
  }),
  as_of: Type.Optional(AsOf),
  format: Type.Optional(StringEnum(['json', 'csv'], { default: 'json' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
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
    provider: Type.String(),
  },
  { title: 'Rate' },
);
export type RateItem = Static<typeof RateItem>;

export const RatesPage = Type.Object(
  { items: Type.Array(RateItem), next_cursor: Nullable(Type.String()), as_of: Timestamp },
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
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
});
export type ProductsQuery = Static<typeof ProductsQuery>;

export const ProductsPage = Type.Object(
  { items: Type.Array(ProductItem), next_cursor: Nullable(Type.String()), as_of: Timestamp },
  { title: 'ProductsPage' },
);
export type ProductsPage = Static<typeof ProductsPage>;

/** A published rate, or null where one was withdrawn. */
export const RateContent = Type.Object({ currency: CurrencyCode, date: CalendarDate, rate: DecimalString });
export type RateContent = Static<typeof RateContent>;

const Change = <Entity extends string, Content extends typeof ProductContent | typeof RateContent>(
  entity: Entity,
  content: Content,
) =>
  Type.Object({
    sequence: Type.Integer({ description: 'Without gaps; the place to resume behind' }),
    entity: Type.Literal(entity),
    key: Type.String({ description: 'What it is a change of; stable', examples: ['sandbox/42', 'ecb/USD/2025-05-09'] }),
    operation: StringEnum(['insert', 'update', 'delete']),
    before: Nullable(content),
    after: Nullable(content),
    valid_from: { ...Timestamp, description: 'Since when it holds in the world' },
    recorded_at: { ...Timestamp, description: 'Since when it is known here' },
  });

export const PricingChange = Type.Union([Change('product', ProductContent), Change('rate', RateContent)], {
  title: 'PricingChange',
});
export type PricingChange = Static<typeof PricingChange>;

export const ChangesQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: '`next_after` of the answer before; 0 for all' }),
  ),
  entity: Type.Optional(StringEnum(['product', 'rate'], { description: 'Both if left out' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
});
export type ChangesQuery = Static<typeof ChangesQuery>;

export const ChangesPage = Type.Object(
  {
    items: Type.Array(PricingChange),
    next_after: Type.Integer({ description: 'Ask behind this next; all changes up to it were in the answers so far' }),
    last: Type.Integer({ description: 'The newest change there was; more is waiting while `next_after` is smaller' }),
  },
  { title: 'ChangesPage' },
);
export type ChangesPage = Static<typeof ChangesPage>;

export const runPricing = defineCommand({
  service: 'pricing',
  name: 'run',
  summary: 'Fetch rates and products, record what changed, and write a snapshot of the prices.',
  payload: PricingRunInput,
});

export const snapshotCreated = defineEvent({
  service: 'pricing',
  name: 'snapshot-created',
  summary: 'The prices of a run are in the lake.',
  payload: PriceSnapshot,
});

export const priceChanged = defineEvent({
  service: 'pricing',
  name: 'price-changed',
  summary: 'A store asks another price for a product than it did.',
  payload: Type.Object({
    sequence: Type.Integer({ description: 'Place in the change feed' }),
    product_id: Type.Integer(),
    title: Type.String(),
    category: Type.String(),
    currency: CurrencyCode,
    before: { ...DecimalString, description: 'Price before' },
    after: { ...DecimalString, description: 'Price now' },
    valid_from: Timestamp,
    recorded_at: Timestamp,
    source: Type.String(),
  }),
});

export const PricingRunPage = Page(PricingRun);
