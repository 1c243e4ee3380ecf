import { type Static, Type } from 'typebox';
import { StringEnum } from './schema.ts';

/** What a column of a stored table holds. `decimal` is exact; `json` is text that holds a JSON value. */
export const columnTypes = [
  'string',
  'integer',
  'number',
  'decimal',
  'boolean',
  'date',
  'time',
  'datetime',
  'datetime_tz',
  'binary',
  'json',
] as const;
export type ColumnType = (typeof columnTypes)[number];

/** Types that a column can be cast to. */
export const castTypes = ['string', 'integer', 'number', 'decimal', 'boolean', 'date', 'datetime'] as const;
export type CastType = (typeof castTypes)[number];

export const downloadFormats = ['csv', 'json', 'ndjson', 'excel', 'parquet', 'avro', 'arrow'] as const;
export type DownloadFormat = (typeof downloadFormats)[number];

const ColumnName = Type.String({ minLength: 1, maxLength: 255 });
const ColumnNames = Type.Array(ColumnName, { minItems: 1, maxItems: 5000 });
/** A value in a filter, an enumeration or a fill. Integers beyond 2^53 are given as strings. */
const Scalar = Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean()]);

const CleanParams = Type.Object(
  {
    trim: Type.Optional(
      Type.Boolean({ description: 'Remove surrounding white space from text; what is then empty is missing' }),
    ),
    case: Type.Optional(StringEnum(['lower', 'upper'], { description: 'Letter case of text' })),
    remove_duplicates: Type.Optional(Type.Boolean({ description: 'Keep the first of equal rows' })),
    duplicate_columns: Type.Optional(
      Type.Array(ColumnName, {
        minItems: 1,
        maxItems: 5000,
        description: 'Rows equal in these columns are duplicates; default: all',
      }),
    ),
    handle_missing: Type.Optional(
      StringEnum(['keep', 'drop', 'fill', 'mean', 'median', 'mode', 'previous'], {
        description:
          'drop the row, or fill: with fill_value, with the mean or median of numeric columns, the most frequent value, or the value before',
      }),
    ),
    fill_value: Type.Optional(Scalar),
    columns: Type.Optional(
      Type.Array(ColumnName, {
        minItems: 1,
        maxItems: 5000,
        description: 'Where to trim, change case and handle what is missing; default: all',
      }),
    ),
  },
  { additionalProperties: false },
);

export const filterOperators = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'ends_with',
  'matches',
  'is_missing',
  'is_present',
] as const;

const FilterCondition = Type.Object(
  {
    column: ColumnName,
    operator: StringEnum(filterOperators),
    value: Type.Optional(Type.Union([Scalar, Type.Array(Scalar, { minItems: 1, maxItems: 1000 })])),
  },
  { additionalProperties: false },
);
export type FilterCondition = Static<typeof FilterCondition>;

const operation = <const Name extends string, Params extends Parameters<typeof Type.Optional>[0]>(
  name: Name,
  params: Params,
) => Type.Object({ type: Type.Literal(name), params }, { additionalProperties: false });

/** One step of `POST /api/process`; steps are applied in their order. */
export const TableOperation = Type.Union([
  operation('clean', CleanParams),
  operation(
    'normalize',
    Type.Object(
      {
        method: StringEnum(['min-max', 'z-score'], {
          description:
            '(x - min) / (max - min), or (x - mean) / standard deviation of the sample; a constant column becomes 0',
        }),
        columns: Type.Optional(ColumnNames),
      },
      { additionalProperties: false },
    ),
  ),
  operation(
    'rename',
    Type.Object(
      { columns: Type.Record(Type.String(), ColumnName, { description: 'old name: new name' }) },
      { additionalProperties: false },
    ),
  ),
  operation(
    'cast',
    Type.Object(
      {
        columns: Type.Record(Type.String(), StringEnum(castTypes)),
        on_error: Type.Optional(
          StringEnum(['fail', 'missing'], { description: 'What becomes of a value that does not fit; default: fail' }),
        ),
        format: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'Of dates in text: day_first, month_first, or as strptime has it (%d/%m/%Y)',
          }),
        ),
        pivot_year: Type.Optional(
          Type.Integer({ minimum: 1000, maximum: 9900, description: 'The first of the hundred years that %y means' }),
        ),
        decimal: Type.Optional(StringEnum(['.', ','], { description: 'Of numbers in text; default: a point' })),
        thousands: Type.Optional(
          Type.String({ maxLength: 1, description: 'Between groups of three digits of numbers in text' }),
        ),
        percent: Type.Optional(Type.Boolean({ description: '12% is 0.12' })),
        currency: Type.Optional(
          Type.String({ minLength: 1, maxLength: 5, description: 'A sign before or behind numbers, to be left out' }),
        ),
        brackets: Type.Optional(Type.Boolean({ description: '(12) is -12' })),
        true_values: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
        false_values: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
      },
      { additionalProperties: false },
    ),
  ),
  operation(
    'filter',
    Type.Object(
      {
        conditions: Type.Array(FilterCondition, { minItems: 1, maxItems: 100 }),
        match: Type.Optional(StringEnum(['all', 'any'], { description: 'default: all' })),
      },
      { additionalProperties: false },
    ),
  ),
  operation(
    'sort',
    Type.Object(
      {
        by: Type.Array(
          Type.Object(
            { column: ColumnName, descending: Type.Optional(Type.Boolean()) },
            { additionalProperties: false },
          ),
          {
            minItems: 1,
            maxItems: 50,
          },
        ),
      },
      { additionalProperties: false },
    ),
  ),
  operation('select', Type.Object({ columns: ColumnNames }, { additionalProperties: false })),
  operation(
    'transform',
    Type.Object(
      {
        output_format: StringEnum(downloadFormats),
        escape_formulas: Type.Optional(
          Type.Boolean({ description: "CSV: put ' before text that a spreadsheet would run; default: true" }),
        ),
      },
      { additionalProperties: false },
    ),
  ),
]);
export type TableOperation = Static<typeof TableOperation>;
export type OperationOf<Name extends TableOperation['type']> = Extract<TableOperation, { type: Name }>;

export const validationTypes = [
  'string',
  'integer',
  'number',
  'boolean',
  'date',
  'datetime',
  'email',
  'uri',
  'uuid',
] as const;

/** What is asked of one column. */
export const ColumnRules = Type.Object(
  {
    type: Type.Optional(StringEnum(validationTypes)),
    required: Type.Optional(Type.Boolean({ description: 'The column exists and has a value in every row' })),
    unique: Type.Optional(
      Type.Boolean({ description: 'No value occurs twice; the second and later ones are reported' }),
    ),
    min: Type.Optional(
      Type.Union([Type.Number(), Type.String({ maxLength: 100 })], {
        description: 'Smallest number, or earliest date',
      }),
    ),
    max: Type.Optional(Type.Union([Type.Number(), Type.String({ maxLength: 100 })])),
    min_length: Type.Optional(Type.Integer({ minimum: 0, description: 'In characters' })),
    max_length: Type.Optional(Type.Integer({ minimum: 0 })),
    pattern: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'A regular expression (RE2) that is found in the value; anchor it with ^ and $ to match the whole',
      }),
    ),
    enum: Type.Optional(Type.Array(Scalar, { minItems: 1, maxItems: 10_000 })),
  },
  { additionalProperties: false },
);
export type ColumnRules = Static<typeof ColumnRules>;

export const ValidationSchema = Type.Record(Type.String(), ColumnRules, {
  description: 'Rules by column; columns without rules are not looked at',
  maxProperties: 5000,
});
export type ValidationSchema = Static<typeof ValidationSchema>;

/** A value that breaks a rule. */
export const Violation = Type.Object({
  row: Type.Union([Type.Integer(), Type.Null()], {
    description: 'From 1, not counting the header; null: the whole column',
  }),
  column: Type.String(),
  rule: Type.String(),
  value: Type.Union([Type.String(), Type.Null()]),
  message: Type.String(),
});
export type Violation = Static<typeof Violation>;
