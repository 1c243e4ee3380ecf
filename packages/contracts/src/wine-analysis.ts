import { type Static, Type } from 'typebox';
import { Nullable, StringEnum } from './schema.ts';
import { WineAsOf, WineSeriesId, wineSeriesIds } from './wine.ts';

export const wineGroups = ['series', 'section', 'name', 'country', 'iso', 'continent', 'year'] as const;
export type WineGroup = (typeof wineGroups)[number];

export const WineAnalysisQuery = Type.Object({
  series: Type.String({
    pattern: `^(${wineSeriesIds.join('|')})(,(${wineSeriesIds.join('|')}))*$`,
    description: 'One series, or several apart by commas',
  }),
  group_by: Type.Optional(
    Type.String({
      pattern: `^(${wineGroups.join('|')})(,(${wineGroups.join('|')}))*$`,
      default: 'year',
      description: `What the sums are of: ${wineGroups.join(', ')}, or several apart by commas`,
    }),
  ),
  measure: Type.Optional(
    StringEnum(['quantity', 'value', 'price'], {
      default: 'quantity',
      description: 'What order, shares, growth and index are of',
    }),
  ),
  period: Type.Optional(
    Type.String({
      pattern: '^\\d{4}(-\\d{4})?$',
      description: 'A year, or first and last: 2015-2023. All if left out',
    }),
  ),
  section: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1000, description: 'Only these sections, apart by commas' }),
  ),
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1000, description: 'Only rows of these names, apart by commas' }),
  ),
  country: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'Only these countries: names or ISO codes, apart by commas',
    }),
  ),
  order: Type.Optional(
    StringEnum(['group', 'descending', 'ascending'], {
      description:
        'By the groups themselves, or by the measure; by default the largest first, and years in their order',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'So many rows from the top; all if left out' }),
  ),
  form: Type.Optional(
    StringEnum(['rows', 'wide'], {
      default: 'rows',
      description: 'wide: a row for each group, with the years as columns of the measure',
    }),
  ),
  format: Type.Optional(StringEnum(['json', 'csv'], { default: 'json', description: 'Of the answer' })),
  as_of: Type.Optional(WineAsOf),
});
export type WineAnalysisQuery = Static<typeof WineAnalysisQuery>;

const share = (description: string) => Nullable(Type.Number({ description }));

/** A group and what its figures come to. The groups' own columns (`country`, `year`, ...) stand beside these. */
export const WineAnalysisRow = Type.Object(
  {
    quantity: Nullable(Type.Number()),
    unit: StringEnum(['kg', 'L'], {
      description: 'Quantities of different units are never added: they are rows of their own',
    }),
    value_usd: Nullable(Type.Number()),
    price_usd: share('US$ for a unit of quantity, of the rows that have both; null where the quantity is 0'),
    share: share('Of the sum of all groups of this unit (and year, where years are a group)'),
    cumulative_share: share('Of this group and all larger ones (Pareto)'),
    growth: share('Against the year before, where years are a group; 0.1 is 10 %'),
    index: share('The first year with a figure is 100, where years are a group'),
    growth_per_year: share('Compound, from the first to the last year with a figure, where years are no group'),
    doubtful: Type.Boolean({ description: 'Figures of doubtful years are in it' }),
  },
  { title: 'WineAnalysisRow', additionalProperties: true },
);

export const WineAnalysis = Type.Object(
  {
    series: Type.Array(WineSeriesId),
    group_by: Type.Array(StringEnum(wineGroups)),
    measure: Type.String(),
    total: Type.Integer({ description: 'Groups before the limit' }),
    items: Type.Array(Type.Union([WineAnalysisRow, Type.Record(Type.String(), Type.Unknown())])),
  },
  {
    title: 'WineAnalysis',
    description: 'Rows as `WineAnalysisRow` describes them, or in the wide form the groups with a column for each year',
  },
);

export const wineProducts = ['wine', 'sparkling', 'juice', 'fresh-grapes'] as const;

export const WineBalanceQuery = Type.Object({
  product: StringEnum(wineProducts, { description: 'What is balanced' }),
  period: Type.Optional(Type.String({ pattern: '^\\d{4}(-\\d{4})?$', description: 'A year, or first and last' })),
  as_of: Type.Optional(WineAsOf),
});
export type WineBalanceQuery = Static<typeof WineBalanceQuery>;

const amount = (description: string) => Nullable(Type.Number({ description }));

export const WineBalanceYear = Type.Object({
  year: Type.Integer(),
  production: amount('Of the state whose wineries report it'),
  processing_kg: amount('Grapes processed, all kinds; kg'),
  sales: amount('Commercialization'),
  exports: amount('1 kg is taken for 1 L'),
  imports: amount('1 kg is taken for 1 L'),
  unaccounted: amount(
    'production - sales: what went to stock, to other uses, or was not reported; below zero it came from stock',
  ),
  months_of_stock: amount(
    'The sum of what is unaccounted for since the first year, over the sales of a month; null below zero',
  ),
  share_exported: amount('exports / production'),
  trade_balance_usd: amount('exports - imports, US$'),
  doubtful: Type.Boolean(),
});
export type WineBalanceYear = Static<typeof WineBalanceYear>;

export const WineBalance = Type.Object(
  {
    product: StringEnum(wineProducts),
    unit: StringEnum(['L', 'kg']),
    series: Type.Record(Type.String(), Type.String(), { description: 'Which series and sections stand for what' }),
    assumptions: Type.Array(Type.String()),
    items: Type.Array(WineBalanceYear),
  },
  { title: 'WineBalance' },
);
export type WineBalance = Static<typeof WineBalance>;
