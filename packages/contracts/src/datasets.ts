import { type Static, Type } from 'typebox';
import { uploadFormats } from './datasets-read-options.ts';
import {
  columnTypes,
  downloadFormats,
  TableOperation,
  ValidationSchema,
  Violation,
} from './datasets-table-operations.ts';
import { Page } from './pagination.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

export const FileId = Type.String({ minLength: 1, maxLength: 100, description: 'The id of a stored table' });
export const OperationList = Type.Array(TableOperation, { minItems: 1, maxItems: 100 });

export const DatasetColumn = Type.Object({
  name: Type.String(),
  type: StringEnum(columnTypes),
});
export type DatasetColumn = Static<typeof DatasetColumn>;

/** Something that a reader of the table should know of: a decision, or what could not be taken literally. */
export const DatasetWarning = Type.Object({
  code: Type.String({ examples: ['ragged_row'] }),
  message: Type.String(),
  column: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer({ description: 'Of the file, from 1' })),
});
export type DatasetWarning = Static<typeof DatasetWarning>;

/** How a file was read. Only what applies to its format is there. */
export const Dialect = Type.Object({
  compression: Type.Optional(StringEnum(['gzip'])),
  encoding: Type.Optional(Type.String()),
  delimiter: Type.Optional(Type.String()),
  widths: Type.Optional(Type.Array(Type.Integer(), { description: 'Of columns without a delimiter; 0: to the end' })),
  quote: Type.Optional(Type.String()),
  escape: Type.Optional(Type.String({ description: 'What goes before a quote inside quotes, if not a quote' })),
  skip_space: Type.Optional(Type.Boolean({ description: 'Whether spaces behind a delimiter were left out' })),
  comment: Type.Optional(Type.String()),
  skip_rows: Type.Optional(Type.Integer({ description: 'Rows above the header that were left out' })),
  header_rows: Type.Optional(Type.Integer({ description: 'Rows that the names were made of, if more than one' })),
  decimal: Type.Optional(Type.String()),
  header: Type.Optional(Type.Boolean()),
  float_columns: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Columns whose whole numbers are written 2.0; CSV downloads write them so',
    }),
  ),
  line_ending: Type.Optional(StringEnum(['\n', '\r\n', '\r', 'mixed'])),
  null_values: Type.Optional(Type.Array(Type.String())),
  sheet: Type.Optional(Type.String()),
  sheets: Type.Optional(Type.Array(Type.String())),
  date_system: Type.Optional(Type.Integer({ description: '1900 or 1904' })),
  codec: Type.Optional(Type.String()),
});
export type Dialect = Static<typeof Dialect>;

export const datasetKinds = ['upload', 'import', 'result', 'violations'] as const;
export type DatasetKind = (typeof datasetKinds)[number];

export const Dataset = Type.Object(
  {
    file_id: FileId,
    filename: Type.String(),
    kind: StringEnum(datasetKinds),
    format: StringEnum(uploadFormats, { description: 'What it was read from' }),
    rows: Type.Integer(),
    columns: Type.Array(DatasetColumn),
    dialect: Dialect,
    warnings: Type.Array(DatasetWarning),
    size: Type.Integer({ description: 'Bytes of the file as it came' }),
    stored_size: Type.Integer({ description: 'Bytes of the table as it is stored' }),
    source: Nullable(Type.String({ description: 'The table or object that it was made from' })),
    created_at: Timestamp,
    source_size: Type.Optional(
      Type.Integer({ description: 'Bytes of the file as it came, while it is kept to be read again' }),
    ),
  },
  { title: 'Dataset' },
);
export type Dataset = Static<typeof Dataset>;

export const DatasetPage = Page(Dataset);

/** Words that clients of the system before this one compare with. */
export const uploadMessage = 'File uploaded successfully';

export const UploadAnswer = Type.Intersect([Type.Object({ message: Type.Literal(uploadMessage) }), Dataset]);
export type UploadAnswer = Static<typeof UploadAnswer>;

export const ApiHealth = Type.Object({ status: Type.Literal('healthy'), timestamp: Timestamp });

export const ProcessRequest = Type.Object(
  {
    file_id: FileId,
    operations: OperationList,
    async: Type.Optional(Type.Boolean({ description: 'Answer 202 with a job at once' })),
  },
  { additionalProperties: false },
);
export type ProcessRequest = Static<typeof ProcessRequest>;

export const OperationStatistics = Type.Object({
  operation: Type.String(),
  rows_before: Type.Integer(),
  rows_after: Type.Integer(),
  duplicates_removed: Type.Optional(Type.Integer()),
  missing_removed: Type.Optional(Type.Integer({ description: 'Rows dropped because something was missing' })),
  values_filled: Type.Optional(Type.Integer()),
  values_failed: Type.Optional(
    Type.Integer({ description: 'Values that became missing because they could not be cast' }),
  ),
});
export type OperationStatistics = Static<typeof OperationStatistics>;

export const ProcessAnswer = Type.Object({
  status: Type.Literal('success'),
  processed_data: Type.Object({
    file_id: FileId,
    format: StringEnum(downloadFormats),
    columns: Type.Array(DatasetColumn),
    rows: Type.Integer(),
    data: Type.Optional(
      Type.Union([Type.Array(Type.Record(Type.String(), Type.Unknown())), Type.String()], {
        description: 'The rows (json, ndjson) or the text (csv) when small; otherwise follow download_url',
      }),
    ),
    download_url: Type.String(),
  }),
  statistics: Type.Object({
    rows_processed: Type.Integer({ description: 'Rows that came in' }),
    rows_removed: Type.Integer(),
    rows_remaining: Type.Integer(),
    operations: Type.Array(OperationStatistics),
  }),
});
export type ProcessAnswer = Static<typeof ProcessAnswer>;

export const ValidateRequest = Type.Object(
  { file_id: FileId, schema: ValidationSchema, async: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
export type ValidateRequest = Static<typeof ValidateRequest>;

export const ValidateAnswer = Type.Object({
  valid: Type.Boolean(),
  errors: Type.Array(Violation, { description: 'The first 1,000' }),
  validated_rows: Type.Integer(),
  error_count: Type.Integer({ description: 'All of them' }),
  invalid_rows: Type.Integer(),
  columns: Type.Object(
    {
      missing: Type.Array(Type.String()),
      new: Type.Array(Type.String()),
      retyped: Type.Array(Type.String()),
    },
    {
      description:
        'Columns of the schema that the table lacks, of the table that the schema lacks, and of another type',
    },
  ),
  errors_file_id: Nullable(Type.String({ description: 'The table of all errors; null when there is none' })),
  errors_url: Nullable(Type.String()),
});
export type ValidateAnswer = Static<typeof ValidateAnswer>;

export const analysisTypes = ['descriptive', 'profile', 'correlation'] as const;
export type AnalysisType = (typeof analysisTypes)[number];

export const AnalyzeRequest = Type.Object(
  {
    file_id: FileId,
    analysis_type: Type.Optional(StringEnum(analysisTypes, { default: 'descriptive' })),
    columns: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 5000 })),
    async: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type AnalyzeRequest = Static<typeof AnalyzeRequest>;

/** Of a column of numbers, without its missing values. `std_dev` is the sample's (n - 1); null where undefined. */
export const DescriptiveStatistics = Type.Object({
  mean: Nullable(Type.Number()),
  median: Nullable(Type.Number()),
  std_dev: Nullable(Type.Number()),
  min: Nullable(Type.Number()),
  max: Nullable(Type.Number()),
});
export type DescriptiveStatistics = Static<typeof DescriptiveStatistics>;

export const ColumnProfile = Type.Object({
  type: StringEnum(columnTypes),
  count: Type.Integer({ description: 'Values that are there' }),
  missing: Type.Integer(),
  distinct: Type.Integer(),
  min: Type.Unknown(),
  max: Type.Unknown(),
  top_values: Type.Array(Type.Object({ value: Type.Unknown(), count: Type.Integer() })),
  mean: Type.Optional(Nullable(Type.Number())),
  std_dev: Type.Optional(Nullable(Type.Number())),
  quantiles: Type.Optional(Type.Record(Type.String(), Nullable(Type.Number()))),
  histogram: Type.Optional(
    Type.Array(Type.Object({ from: Type.Number(), to: Type.Number(), count: Type.Integer() }), {
      description: 'Bins of equal width; the last one includes its upper end',
    }),
  ),
  min_length: Type.Optional(Nullable(Type.Integer())),
  max_length: Type.Optional(Nullable(Type.Integer())),
});
export type ColumnProfile = Static<typeof ColumnProfile>;

export const Profile = Type.Object({ rows: Type.Integer(), columns: Type.Record(Type.String(), ColumnProfile) });
export type Profile = Static<typeof Profile>;

export const Correlation = Type.Object({
  method: Type.Literal('pearson'),
  columns: Type.Array(Type.String()),
  matrix: Type.Array(Type.Array(Nullable(Type.Number()))),
});
export type Correlation = Static<typeof Correlation>;

export const AnalyzeAnswer = Type.Object({
  analysis: Type.Union([
    DescriptiveStatistics,
    Type.Record(Type.String(), DescriptiveStatistics),
    Profile,
    Correlation,
  ]),
});
export type AnalyzeAnswer = Static<typeof AnalyzeAnswer>;

export const DownloadQuery = Type.Object({
  format: Type.Optional(StringEnum(downloadFormats, { default: 'csv', description: 'Of the file' })),
  escape_formulas: Type.Optional(
    Type.Boolean({
      default: true,
      description:
        "CSV: put ' before text that a spreadsheet would run, and say how often in x-escaped-formulas; false leaves values as they are",
    }),
  ),
  header: Type.Optional(Type.Boolean({ default: true, description: 'CSV: whether the first line holds the names' })),
});

export const RowsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Rows at most' })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Rows before the first one' })),
});
export const RowsAnswer = Type.Object({
  columns: Type.Array(DatasetColumn),
  rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  total: Type.Integer(),
});

export const ExportAnswer = Type.Object({
  file_id: FileId,
  key: Type.String({ description: 'Of the Parquet object in the lake' }),
  manifest_key: Type.String(),
  rows: Type.Integer(),
  size: Type.Integer(),
});
