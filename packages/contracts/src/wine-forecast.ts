import { type Static, Type } from 'typebox';
import { defineCommand, defineEvent } from './messages.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';
import { WineSeriesId, wineMeasures, wineSeriesIds, wineUnits } from './wine.ts';

/** How often a row has a figure, as far as is known; it decides what can be said of its future. */
export const wineForecastKinds = ['continuous', 'intermittent', 'sparse', 'ended', 'short'] as const;
export type WineForecastKind = (typeof wineForecastKinds)[number];

const figure = (description: string) => Type.Number({ description });

/** What is expected of one year. */
export const WineForecastYear = Type.Object({
  year: Type.Integer(),
  point: figure('Geometric mean of the last figure and of a smoothing; the point that the backtest scores'),
  lower80: figure('Four of five figures are expected between `lower80` and `upper80`'),
  upper80: Type.Number(),
  lower95: figure('19 of 20 figures are expected between `lower95` and `upper95`'),
  upper95: Type.Number(),
  chance: Nullable(
    Type.Number({ minimum: 0, maximum: 1, description: 'That there is a figure above 0; of intermittent rows only' }),
  ),
  median: Nullable(Type.Number({ description: 'Of intermittent rows, where it is above 0' })),
});
export type WineForecastYear = Static<typeof WineForecastYear>;

/** How the method did on the last years: mean absolute error over the mean one-year change of the years before (MASE). */
export const WineBacktest = Type.Object({
  windows: Type.Integer({ description: 'Origins from which up to five years were forecast' }),
  mase: Nullable(Type.Number()),
  naive_mase: Nullable(Type.Number({ description: 'Of the method that repeats the last figure' })),
});
export type WineBacktest = Static<typeof WineBacktest>;

export const WineForecastItem = Type.Object(
  {
    series: WineSeriesId,
    section: Nullable(Type.String()),
    name: Nullable(Type.String({ description: 'Null for the total of a section or of the whole series' })),
    country: Nullable(Type.String()),
    level: StringEnum(['row', 'section', 'series']),
    measure: StringEnum(wineMeasures),
    unit: StringEnum(wineUnits),
    kind: StringEnum(wineForecastKinds),
    first_year: Nullable(Type.Integer({ description: 'Of the first figure above 0' })),
    last_year: Type.Integer({ description: 'Of the figures that are known' }),
    left_out: Type.Array(Type.Integer(), { description: 'Doubtful years, which were taken for unknown' }),
    years: Type.Array(WineForecastYear, { description: 'Empty where nothing can be said' }),
    backtest: Nullable(WineBacktest),
    refused: Nullable(Type.String({ description: 'Why nothing can be said, with the counts' })),
  },
  { title: 'WineForecastItem' },
);
export type WineForecastItem = Static<typeof WineForecastItem>;

export const WineForecast = Type.Object(
  {
    method: Type.String({ description: 'In a sentence' }),
    vintage: Type.String({ description: 'SHA-256 of the file that it was made of' }),
    made_at: Timestamp,
    items: Type.Array(WineForecastItem),
  },
  { title: 'WineForecast' },
);
export type WineForecast = Static<typeof WineForecast>;

export const WineForecastQuery = Type.Object({
  series: StringEnum(wineSeriesIds, { description: 'The series' }),
  section: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'The section; alone, its total' })),
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'The row; the total of the series if left out' }),
  ),
  country: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The country: a name, a spelling of the file or an ISO code',
    }),
  ),
  measure: Type.Optional(StringEnum(wineMeasures, { default: 'quantity', description: 'What is forecast' })),
  years: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, default: 5, description: 'How many years ahead' })),
});
export type WineForecastQuery = Static<typeof WineForecastQuery>;

/** The work of making forecasts. */
export const wineForecastKind = 'wine.forecast';

export const WineForecastRequest = Type.Object({}, { title: 'WineForecastRequest', additionalProperties: false });

export const forecastWine = defineCommand({
  service: 'wine',
  name: 'forecast',
  summary: 'Forecast all series as they are served now',
  payload: WineForecastRequest,
});

export const wineForecastMade = defineEvent({
  service: 'wine',
  name: 'forecast-made',
  summary: 'Forecasts of all series were made',
  payload: Type.Object({
    run: Type.String({ description: 'The job that made them' }),
    series: Type.Array(WineSeriesId),
    forecasts: Type.Integer({ description: 'Rows and totals that have one' }),
    refused: Type.Integer({ description: 'Rows and totals of which nothing can be said' }),
    made_at: Timestamp,
  }),
});
