import { type Static, Type } from 'typebox';
import { defineCommand, defineEvent } from './messages.ts';
import { PageQuery } from './pagination.ts';
import { CalendarDate, Nullable, StringEnum, Timestamp } from './schema.ts';

/** The fifteen series of VitiBrasil, in the order in which the site lists them. */
export const wineSeriesIds = [
  'production',
  'processing-viniferas',
  'processing-americanas',
  'processing-mesa',
  'processing-semclass',
  'commercialization',
  'import-wine',
  'import-sparkling',
  'import-fresh-grapes',
  'import-raisins',
  'import-juice',
  'export-wine',
  'export-sparkling',
  'export-grapes',
  'export-juice',
] as const;
export const WineSeriesId = StringEnum(wineSeriesIds, { description: 'One of the fifteen series' });

/** A question about the past: what was served then. */
export const WineAsOf = {
  ...Timestamp,
  description: 'Answer from the vintages that were served at this instant; default now',
};
export type WineSeriesId = Static<typeof WineSeriesId>;

export const wineMeasures = ['quantity', 'value'] as const;
export const wineUnits = ['kg', 'L', 'US$'] as const;
export const WineMeasure = Type.Object({ measure: StringEnum(wineMeasures), unit: StringEnum(wineUnits) });
export type WineMeasure = Static<typeof WineMeasure>;

/** How the rows of a series are arranged: under section headers that are totals, by country, or neither. */
export const wineHierarchies = ['sections', 'countries', 'flat'] as const;

/**
 * Why there is no figure: the file's own marks (`nd` is não disponível; it does not explain `*` and `+`), an empty cell, a
 * dash, a row that ends before the column (`absent`), or text that is no number (`unreadable`).
 */
export const wineMissingReasons = [
  'not_available',
  'asterisk',
  'plus',
  'blank',
  'dash',
  'absent',
  'unreadable',
] as const;
export type WineMissingReason = (typeof wineMissingReasons)[number];

/** One figure: a row of the long table, of the Parquet files and of every other format. */
export const WineFigure = Type.Object(
  {
    series: WineSeriesId,
    row_number: Type.Integer({ minimum: 1, description: 'Place of the row in the file; not stable between vintages' }),
    section: Nullable(Type.String({ description: 'The section header above the row, or the row itself' })),
    control: Nullable(Type.String({ description: 'The code in the file; not unique' })),
    name: Type.String({ description: 'Product, cultivar or country: trimmed, without its footnote mark' }),
    footnote: Nullable(Type.String({ description: 'The mark that stood behind the name: "1" of "Cynthiana(1)"' })),
    country: Nullable(Type.String({ description: 'As the file spells it' })),
    year: Type.Integer(),
    measure: StringEnum(wineMeasures),
    value: Nullable(Type.Number({ description: 'Null when missing; 0 is also used for "not recorded"' })),
    unit: StringEnum(wineUnits),
    missing_reason: Nullable(StringEnum(wineMissingReasons)),
    is_total: Type.Boolean({ description: 'The row is the sum of others: leave it out of sums' }),
  },
  { title: 'WineFigure' },
);
export type WineFigure = Static<typeof WineFigure>;

/** Something in a file that was repaired or could not be placed. */
export const WineWarning = Type.Object(
  {
    file: Type.String(),
    line: Type.Integer({ minimum: 1 }),
    column: Type.Integer({ minimum: 1, description: 'The cell in the line, from 1' }),
    code: Type.String({ examples: ['decimal_comma'] }),
    message: Type.String(),
  },
  { title: 'WineWarning' },
);
export type WineWarning = Static<typeof WineWarning>;

export const WineSource = Type.Object({
  url: Type.String(),
  kind: StringEnum(['live', 'folder', 'sandbox'], {
    description: 'live: from the site; folder: a copy of it; sandbox: the figures are made up',
  }),
  sha256: Type.String({ description: 'Of the file as it was fetched' }),
  bytes: Type.Integer(),
  fetched_at: Timestamp,
  etag: Nullable(Type.String()),
  last_modified: Nullable(Type.String()),
});
export type WineSource = Static<typeof WineSource>;

const WineFailure = Type.Object({
  code: Type.String(),
  error: Type.String(),
  url: Type.String(),
  at: Timestamp,
});

/** A series as the catalogue knows it. */
export const WineSeries = Type.Object(
  {
    id: WineSeriesId,
    file: Type.String({ examples: ['Producao.csv'] }),
    title: Type.Object({ en: Type.String(), pt: Type.String() }),
    measures: Type.Array(WineMeasure),
    hierarchy: StringEnum(wineHierarchies),
    legacy_path: Type.String({ description: 'Where clients of the earlier system find it' }),
  },
  { title: 'WineSeries' },
);
export type WineSeries = Static<typeof WineSeries>;

/** A series with what is known of its data. Everything behind `legacy_path` is null before the first ingestion. */
export const WineSeriesStatus = Type.Object(
  {
    ...WineSeries.properties,
    years: Nullable(Type.Object({ first: Type.Integer(), last: Type.Integer() })),
    rows: Nullable(Type.Integer({ description: 'Rows of the file' })),
    figures: Nullable(Type.Integer({ description: 'Rows of the long table' })),
    warnings: Type.Array(WineWarning),
    source: Nullable(WineSource),
    fetched_at: Nullable(Type.String({ format: 'date-time', description: 'When the data that is served was fetched' })),
    checked_at: Nullable(
      Type.String({ format: 'date-time', description: 'When the source last confirmed or changed it' }),
    ),
    age_seconds: Nullable(Type.Number({ description: 'Since checked_at' })),
    stale: Type.Boolean({ description: 'The last attempt to refresh failed, or the last good one is too long ago' }),
    last_error: Nullable(WineFailure),
    object_key: Nullable(Type.String({ description: 'Its Parquet file in the object store' })),
  },
  { title: 'WineSeriesStatus' },
);
export type WineSeriesStatus = Static<typeof WineSeriesStatus>;

export const wineFormats = ['json', 'csv', 'ndjson', 'arrow', 'parquet'] as const;
export type WineFormat = (typeof wineFormats)[number];
/** The media types that are asked for and answered with. */
export const wineMediaTypes = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  arrow: 'application/vnd.apache.arrow.stream',
  parquet: 'application/vnd.apache.parquet',
} as const satisfies Record<WineFormat, string>;

/** What the existing addresses take. */
export const WineLegacyQuery = Type.Object({
  missing: Type.Optional(
    StringEnum(['zero', 'null'], {
      default: 'zero',
      description: 'What an empty cell is: 0, as in the earlier system, or null',
    }),
  ),
});
export type WineLegacyQuery = Static<typeof WineLegacyQuery>;

/** Which figures of a series are wanted. Names are compared without regard to case, accents and repeated blanks; several are apart by commas. */
export const WineFilter = Type.Object({
  year_from: Type.Optional(Type.Integer({ minimum: 1000, maximum: 9999, description: 'First year' })),
  year_to: Type.Optional(Type.Integer({ minimum: 1000, maximum: 9999, description: 'Last year' })),
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
      description: 'Only these countries: names, spellings of the file or ISO codes, apart by commas',
    }),
  ),
  measure: Type.Optional(StringEnum(wineMeasures, { description: 'Only this measure' })),
  totals: Type.Optional(
    StringEnum(['include', 'exclude', 'only'], { default: 'exclude', description: 'Rows that are sums of others' }),
  ),
});
export type WineFilter = Static<typeof WineFilter>;

export const WineSeriesQuery = Type.Object({
  ...WineFilter.properties,
  ...PageQuery.properties,
  form: Type.Optional(
    StringEnum(['tidy', 'long'], {
      default: 'tidy',
      description:
        'tidy: a row for each name and year, and what makes sections add up; long: a row for each figure, as the files have them',
    }),
  ),
  as_of: Type.Optional(WineAsOf),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'Rows per page; all if left out' })),
  format: Type.Optional(StringEnum(wineFormats, { description: 'Wins over the Accept header' })),
});
export type WineSeriesQuery = Static<typeof WineSeriesQuery>;

/** A reported total that is not the sum of its parts. */
export const WineMismatch = Type.Object({
  section: Type.String(),
  row_number: Type.Integer(),
  year: Type.Integer(),
  measure: StringEnum(wineMeasures),
  unit: StringEnum(wineUnits),
  reported: Type.Number(),
  sum_of_parts: Type.Number(),
  difference: Type.Number({ description: 'reported - sum_of_parts' }),
  missing_parts: Type.Integer({ description: 'Parts without a figure, not in the sum' }),
});
export type WineMismatch = Static<typeof WineMismatch>;

export const WineChecks = Type.Object(
  {
    series: WineSeriesId,
    totals: Type.Integer({ description: 'Reported totals that could be compared' }),
    not_comparable: Type.Integer({ description: 'Reported totals that are missing, or whose parts all are' }),
    mismatches: Type.Array(WineMismatch),
    doubtful: Type.Array(
      Type.Object({
        year: Type.Integer(),
        measure: StringEnum(wineMeasures),
        steady_rows: Type.Integer({ description: 'Rows that agree before and after the year' }),
        out_of_step: Type.Integer({ description: 'Those of them that are off by more than a factor 5 in it' }),
      }),
      { description: 'Years that are probably published wrong; served as they are, left out of forecasts' },
    ),
  },
  { title: 'WineChecks' },
);
export type WineChecks = Static<typeof WineChecks>;

/** What to ingest. */
export const WineIngestRequest = Type.Object(
  {
    series: Type.Optional(
      Type.Array(WineSeriesId, { minItems: 1, maxItems: 15, uniqueItems: true, description: 'All if left out' }),
    ),
    force: Type.Optional(Type.Boolean({ default: false, description: 'Fetch and write also what has not changed' })),
    accept: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), {
        minItems: 1,
        maxItems: 15,
        uniqueItems: true,
        description:
          'SHA-256 of held files (`GET /wine/held`) that are to be taken all the same. Nothing is fetched then.',
      }),
    ),
  },
  { title: 'WineIngestRequest', additionalProperties: false },
);
export type WineIngestRequest = Static<typeof WineIngestRequest>;

/** The work of one ingestion; made by `POST /wine/ingestions`, the command or the schedule. */
export const wineIngestionKind = 'wine.ingest';

export const wineIngestionStates = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;

/** What became of one series in an ingestion. */
export const WineSeriesOutcome = Type.Object({
  series: WineSeriesId,
  outcome: StringEnum(['ingested', 'unchanged', 'held', 'failed'], {
    description: 'held: the file is not what it should be and was kept apart; the data before stays',
  }),
  url: Type.String(),
  rows: Nullable(Type.Integer()),
  figures: Nullable(Type.Integer()),
  warnings: Nullable(Type.Integer()),
  object_key: Nullable(Type.String()),
  milliseconds: Type.Number(),
  error: Nullable(Type.Object({ code: Type.String(), error: Type.String() })),
});
export type WineSeriesOutcome = Static<typeof WineSeriesOutcome>;

export const WineIngestionResult = Type.Object({
  outcome: StringEnum(['succeeded', 'partial', 'failed']),
  processing_date: CalendarDate,
  series: Type.Array(WineSeriesOutcome),
  log_key: Nullable(Type.String({ description: "The run's log in the object store" })),
});
export type WineIngestionResult = Static<typeof WineIngestionResult>;

/** An ingestion, as `GET /wine/ingestions/{id}` shows it; the job of the same id has its progress. */
export const WineIngestion = Type.Object(
  {
    id: Type.String(),
    state: StringEnum(wineIngestionStates),
    progress: Type.Number({ minimum: 0, maximum: 1 }),
    message: Type.String(),
    requested: WineIngestRequest,
    result: Nullable(WineIngestionResult),
    error: Nullable(Type.Object({ code: Type.String(), error: Type.String() })),
    created_at: Timestamp,
    started_at: Nullable(Timestamp),
    finished_at: Nullable(Timestamp),
  },
  { title: 'WineIngestion' },
);
export type WineIngestion = Static<typeof WineIngestion>;

export const ingestWine = defineCommand({
  service: 'wine',
  name: 'ingest',
  summary: "Fetch VitiBrasil's files and bring the changed ones into the lake",
  payload: WineIngestRequest,
});

export const wineSeriesIngested = defineEvent({
  service: 'wine',
  name: 'series-ingested',
  summary: 'A series has new data in the lake',
  payload: Type.Object({
    series: WineSeriesId,
    title: Type.String({ description: 'For a person, in English' }),
    run: Type.String({ description: 'The ingestion' }),
    object_key: Type.String({ description: 'The Parquet file in the object store' }),
    bytes: Type.Integer({ description: 'Of the Parquet file' }),
    sha256: Type.String({ description: 'Of the Parquet file' }),
    rows: Type.Integer({ description: 'Of the Parquet file' }),
    warnings: Type.Integer(),
    processing_date: CalendarDate,
    source: WineSource,
  }),
});
