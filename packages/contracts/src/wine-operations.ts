import { Type } from 'typebox';
import { Job } from './jobs.ts';
import { JobHeaders } from './jobs-operations.ts';
import { defineOperations, type OperationErrors } from './operations/define-operation.ts';
import { Page } from './pagination.ts';
import { NamedChoice } from './schema.ts';
import {
  WineAsOf,
  WineChecks,
  WineFigure,
  WineIngestion,
  WineIngestRequest,
  WineLegacyQuery,
  WineSeriesQuery,
  WineSeriesStatus,
  wineMediaTypes,
  wineSeriesIds,
} from './wine.ts';
import { WineAnalysis, WineAnalysisQuery, WineBalance, WineBalanceQuery } from './wine-analysis.ts';
import { WineFigurePage, WineTidyFigure } from './wine-figures.ts';
import { WineForecast, WineForecastQuery, WineForecastRequest } from './wine-forecast.ts';
import { WineChangesPage, WineChangesQuery, WineHeldFile, WineVintage } from './wine-vintages.ts';

const reading = { role: 'viewer', scope: 'read' } as const;
const SeriesParams = Type.Object({ id: NamedChoice(wineSeriesIds, { description: 'One of the fifteen series' }) });
const noData = {
  'wine.no_data': [503, 'The series has no data yet: it was never ingested.'],
} satisfies OperationErrors;
const unknownSeries = { 'wine.unknown_series': [404, 'There is no such series.'] } satisfies OperationErrors;

const noVintage = {
  'wine.no_vintage': [404, 'Nothing of the series was served at that time.'],
} satisfies OperationErrors;

const LegacyRow = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()]), {
  title: 'WineTableRow',
  description:
    'A row as the file has it: its `id`, its name under the column of the file (`produto`, `Produto`, `cultivar`, `País`) and its ' +
    'years. Where a year has a quantity and a value, the value is `"1970.1"`.',
});
const LegacyBody = Type.Union([Type.Record(Type.String(), Type.Array(LegacyRow)), Type.Array(LegacyRow)], {
  title: 'WineTable',
  description:
    'The sections of the file with all their rows, the first one their own; or a list of rows where the file has no sections. An empty cell ' +
    'is 0, or null with `missing=null`; `nd`, `*` and `+` are null.',
});
const legacy = {
  method: 'GET',
  tag: 'earlier clients',
  access: reading,
  query: WineLegacyQuery,
  answers: { 200: { description: 'The rows of the file', json: LegacyBody } },
  legacy: true,
} as const;
const unknownTipo = {
  'wine.unknown_tipo': [404, 'There is no such tipo; the sentence names the valid ones.'],
} as const;
const TipoParams = <const Tipos extends readonly string[]>(tipos: Tipos) =>
  Type.Object({ tipo: NamedChoice(tipos, { description: 'Which file, in any case of letters' }) });

export const wineOperations = defineOperations('wine', {
  getProduction: {
    ...legacy,
    path: '/producaoCSV',
    summary: 'Production (Produção)',
    errors: noData,
  },
  getCommercialization: {
    ...legacy,
    path: '/comercializacaoCSV',
    summary: 'Commercialization (Comercialização)',
    errors: noData,
  },
  getProcessing: {
    ...legacy,
    path: '/processamentoCSV/tipo/:tipo',
    summary: 'Grapes processed (Processamento), by kind of grape',
    params: TipoParams(['Viniferas', 'Americanas', 'Mesa', 'Semclass']),
    errors: { ...noData, ...unknownTipo },
    examples: { params: { tipo: 'Viniferas' } },
  },
  getImports: {
    ...legacy,
    path: '/importacaoCSV/tipo/:tipo',
    summary: 'Imports (Importação), by product',
    params: TipoParams(['Vinhos', 'Espumantes', 'Frescas', 'Passas', 'Suco']),
    errors: { ...noData, ...unknownTipo },
    examples: { params: { tipo: 'Vinhos' } },
  },
  getExports: {
    ...legacy,
    path: '/exportacaoCSV/tipo/:tipo',
    summary: 'Exports (Exportação), by product',
    params: TipoParams(['Vinho', 'Espumantes', 'Uva', 'Suco']),
    errors: { ...noData, ...unknownTipo },
    examples: { params: { tipo: 'Vinho' } },
  },
  listSeries: {
    method: 'GET',
    path: '/wine/series',
    tag: 'series',
    summary: 'The fifteen series: what they are, and how fresh',
    access: reading,
    answers: { 200: { description: 'All series', json: Page(WineSeriesStatus) } },
    errors: {},
  },
  getSeries: {
    method: 'GET',
    path: '/wine/series/:id',
    tag: 'series',
    summary: 'The figures of a series',
    description:
      'What adds up: without totals, with a row `not itemised` where the rows of a section are not its total. `form=long&totals=include` has every ' +
      'figure as the file has it. With a limit, the cursor of the next page is in `next_cursor` (json) and in the header `x-next-cursor` (all formats).',
    access: reading,
    params: SeriesParams,
    query: WineSeriesQuery,
    answers: {
      200: {
        description: 'A page of figures, or all of them',
        json: Type.Union([WineFigurePage(WineTidyFigure), WineFigurePage(WineFigure)]),
        file: [wineMediaTypes.csv, wineMediaTypes.ndjson, wineMediaTypes.arrow, wineMediaTypes.parquet],
      },
    },
    errors: {
      ...unknownSeries,
      ...noData,
      ...noVintage,
      'wine.no_match': [404, 'Nothing in the series has this name; the details have the nearest.'],
      'wine.invalid_cursor': [400, 'The cursor is not one of ours.'],
      'wine.expired_cursor': [410, 'The data or the filter is another than on the page before.'],
      'wine.invalid_years': [400, '`year_from` is after `year_to`.'],
    },
    examples: { params: { id: 'import-wine' } },
  },
  getChecks: {
    method: 'GET',
    path: '/wine/series/:id/checks',
    tag: 'series',
    summary: 'Reported totals that are not the sum of their parts, and years that are doubtful',
    access: reading,
    params: SeriesParams,
    query: Type.Object({ as_of: Type.Optional(WineAsOf) }),
    answers: { 200: { description: 'The comparison', json: WineChecks } },
    errors: { ...unknownSeries, ...noData, ...noVintage },
    examples: { params: { id: 'production' } },
  },
  ingest: {
    method: 'POST',
    path: '/wine/ingestions',
    tag: 'ingestions',
    summary: 'Ingest some series, or all',
    access: { role: 'editor', scope: 'write' },
    headers: JobHeaders,
    body: { json: WineIngestRequest, optional: true },
    answers: { 202: { description: 'The job that ingests', json: Job } },
    errors: {
      'wine.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'],
      'wine.not_held': [409, 'No file of this SHA-256 is held.'],
      'wine.accept_alone': [400, 'A request takes held files or fetches, not both.'],
    },
    examples: { body: { series: ['production'] } },
  },
  getSource: {
    method: 'GET',
    path: '/wine/series/:id/source',
    tag: 'vintages',
    summary: 'The file of a series, as it was published',
    access: reading,
    params: SeriesParams,
    query: Type.Object({ as_of: Type.Optional(WineAsOf) }),
    answers: { 200: { description: 'The file, byte for byte', file: ['text/csv'] } },
    errors: { ...unknownSeries, ...noData, ...noVintage },
    examples: { params: { id: 'production' } },
  },
  listVintages: {
    method: 'GET',
    path: '/wine/series/:id/vintages',
    tag: 'vintages',
    summary: 'The vintages of a series, the newest first',
    access: reading,
    params: SeriesParams,
    answers: { 200: { description: 'All that were served', json: Page(WineVintage) } },
    errors: unknownSeries,
    examples: { params: { id: 'production' } },
  },
  listHeld: {
    method: 'GET',
    path: '/wine/held',
    tag: 'vintages',
    summary: 'Files that were fetched and kept apart, and why',
    access: reading,
    answers: { 200: { description: 'What waits for somebody to take it', json: Page(WineHeldFile) } },
    errors: {},
  },
  listChanges: {
    method: 'GET',
    path: '/wine/changes',
    tag: 'vintages',
    summary: 'Past figures that a new vintage has changed',
    access: reading,
    query: WineChangesQuery,
    answers: { 200: { description: 'Changes, the oldest first', json: WineChangesPage } },
    errors: {},
  },
  analyse: {
    method: 'GET',
    path: '/wine/analysis',
    tag: 'analysis',
    summary: 'Sums, prices, shares, growth and ranks, by whatever groups are asked for',
    description:
      'Of the rows that add up, residuals with them. Top countries: `group_by=country&limit=10`; prices: `group_by=year&measure=price`; imports against ' +
      'exports: `series=import-wine,export-wine&group_by=series,year`; years as columns: `group_by=country,year&form=wide`.',
    access: reading,
    query: WineAnalysisQuery,
    answers: { 200: { description: 'A row for each group', json: WineAnalysis, file: [wineMediaTypes.csv] } },
    errors: {
      ...noData,
      ...noVintage,
      'wine.no_match': [404, 'Nothing in the series has this name; the details have the nearest.'],
      'wine.invalid_years': [400, 'The period ends before it begins.'],
      'wine.no_measure': [400, 'None of the series has values.'],
    },
    examples: { query: { series: 'export-wine', group_by: 'year' } },
  },
  getBalance: {
    method: 'GET',
    path: '/wine/balance',
    tag: 'analysis',
    summary: 'Production, processing, sales, exports and imports of a product, year by year',
    access: reading,
    query: WineBalanceQuery,
    answers: { 200: { description: 'The years', json: WineBalance } },
    errors: { ...noData, ...noVintage, 'wine.invalid_years': [400, 'The period ends before it begins.'] },
    examples: { query: { product: 'wine' } },
  },
  getForecast: {
    method: 'GET',
    path: '/wine/forecast',
    tag: 'forecasts',
    summary: 'What is expected of a row or a total in the next years',
    description:
      'By name or country the rows of that name; by section its total; else the total of the series. What can be said depends on the kind: the ' +
      'backtest and the naive method beside it are in the answer.',
    access: reading,
    query: WineForecastQuery,
    answers: { 200: { description: 'The forecasts', json: WineForecast } },
    errors: {
      ...noData,
      'wine.no_forecast': [503, 'The forecasts of this vintage are not made yet.'],
      'wine.no_match': [404, 'Nothing in the series has this name; the details have the nearest.'],
      'wine.no_measure': [400, 'The series does not have this measure.'],
      'wine.not_forecast': [422, 'Nothing can be said of it; the sentence has the counts.'],
    },
    examples: { query: { series: 'export-wine' } },
  },
  makeForecasts: {
    method: 'POST',
    path: '/wine/forecasts',
    tag: 'forecasts',
    summary: 'Forecast all series',
    access: { role: 'editor', scope: 'write' },
    headers: JobHeaders,
    body: { json: WineForecastRequest, optional: true },
    answers: { 202: { description: 'The job that forecasts', json: Job } },
    errors: { 'wine.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'] },
    examples: { body: {} },
  },
  getIngestion: {
    method: 'GET',
    path: '/wine/ingestions/:id',
    tag: 'ingestions',
    summary: 'What became of an ingestion, series by series',
    access: reading,
    params: Type.Object({ id: Type.String({ maxLength: 80, description: 'The id of its job' }) }),
    answers: { 200: { description: 'The ingestion', json: WineIngestion } },
    errors: {
      'wine.unknown_job': [404, 'There is no such job.'],
      'wine.unknown_ingestion': [404, 'The job is no ingestion.'],
    },
  },
});
