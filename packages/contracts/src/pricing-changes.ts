import { type Static, Type } from 'typebox';
import { defineEvent } from './messages.ts';
import { ProductContent } from './pricing.ts';
import { CalendarDate, CurrencyCode, DecimalString, Nullable, StringEnum, Timestamp } from './schema.ts';

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
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'Changes at once' })),
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
