import { type Static, type TSchema, Type } from 'typebox';
import { Nullable, StringEnum } from './schema.ts';
import { WineSeriesId, wineMissingReasons } from './wine.ts';

/** Why a tidy row has no figure: `not_itemised` is a 0 below a total that is not 0, where every other row of the section is 0 too. */
export const wineTidyMissingReasons = [...wineMissingReasons, 'not_itemised'] as const;

/** The name of the row that makes the rows of a section add up to its total. */
export const notItemised = 'not itemised';

/** A row of a series and a year, as it adds up: quantity and value stand apart. */
export const WineTidyFigure = Type.Object(
  {
    series: WineSeriesId,
    section: Nullable(Type.String({ description: 'The section header above the row, or the row itself' })),
    name: Type.String({
      description: 'Product, cultivar or country as the file has it; `not itemised` for a residual',
    }),
    country: Nullable(Type.String({ description: 'In English, one name for all spellings' })),
    iso: Nullable(
      Type.String({
        description:
          'ISO 3166-1 alpha-3; of former states (ISO 3166-3) what it was. Null where the file names no country.',
      }),
    ),
    year: Type.Integer(),
    quantity: Nullable(Type.Number()),
    unit: StringEnum(['kg', 'L'], { description: 'Of the quantity' }),
    value_usd: Nullable(Type.Number({ description: 'US$; null where the series has quantities only' })),
    is_total: Type.Boolean({ description: 'The row is the sum of others; not there by default' }),
    doubtful: Type.Boolean({
      description: 'Much of this year is out of step with the years around it: probably published wrong',
    }),
    missing_reason: Nullable(StringEnum(wineTidyMissingReasons, { description: 'Why there is no figure' })),
    is_residual: Type.Boolean({
      description:
        'What the total has more (or, below zero, less) than its rows; with it they add up to the published total',
    }),
  },
  { title: 'WineTidyFigure' },
);
export type WineTidyFigure = Static<typeof WineTidyFigure>;

/** All of an answer, or a page of it. */
export const WineFigurePage = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    total: Type.Integer({ description: 'Rows of all pages together' }),
    next_cursor: Nullable(Type.String()),
  });
