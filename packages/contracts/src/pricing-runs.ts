import { type Static, Type } from 'typebox';
import { defineCommand, defineEvent } from './messages.ts';
import { Page } from './pagination.ts';
import { CalendarDate, CurrencyCode, Nullable, StringEnum, Timestamp } from './schema.ts';

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

/** How far back rates are wanted: by `POST /pricing/history`. */
export const PricingHistoryInput = Type.Object(
  {
    from: Type.Optional({ ...CalendarDate, description: 'First day; default PRICING_HISTORY_FROM' }),
    force: Type.Optional(
      Type.Boolean({
        description: 'Load what is loaded already too, and compare it value by value: holes, changes and withdrawals',
      }),
    ),
  },
  { title: 'HistoryInput', additionalProperties: false },
);
export type PricingHistoryInput = Static<typeof PricingHistoryInput>;

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
  held: Type.Optional(Type.Integer({ description: 'Rates that are hard to believe and were held back' })),
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

export const PricingRunPage = Page(PricingRun);

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
