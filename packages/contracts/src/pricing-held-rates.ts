import { type Static, Type } from 'typebox';
import { Page, PageQuery } from './pagination.ts';
import { CalendarDate, CurrencyCode, Nullable, StringEnum, Timestamp } from './schema.ts';

export const heldRateStates = ['held', 'accepted', 'rejected', 'confirmed', 'superseded'] as const;

/** A rate that was published and is hard to believe: until it is decided, its day and currency have none. */
export const HeldRate = Type.Object(
  {
    id: Type.String(),
    provider: Type.String(),
    currency: CurrencyCode,
    date: CalendarDate,
    rate: Type.String({ description: 'As it was published, also where that is no rate', examples: ['115.57', '0'] }),
    reason: StringEnum(['not_positive', 'jump', 'comes_back'], {
      description:
        'jump: it is further from the last one than this currency ever moved; comes_back: it jumps and the next day is back',
    }),
    previous_rate: Nullable(Type.String({ description: 'Of the day before' })),
    next_rate: Nullable(Type.String({ description: 'Of the day after' })),
    state: StringEnum(heldRateStates, {
      description:
        'confirmed: a second reading, at least an hour later, had it again; superseded: the provider published another one',
    }),
    held_at: Timestamp,
    decided_at: Nullable(Timestamp),
    decided_by: Nullable(Type.String({ description: 'Who accepted or rejected it' })),
  },
  { title: 'HeldRate' },
);
export type HeldRate = Static<typeof HeldRate>;

export const HeldRatesQuery = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(StringEnum(heldRateStates, { description: 'Only those in this state; all if left out' })),
});
export type HeldRatesQuery = Static<typeof HeldRatesQuery>;

export const HeldRatePage = Page(HeldRate);
