import { type Static, Type } from 'typebox';
import { castTypes } from './datasets-table-operations.ts';
import { StringEnum } from './schema.ts';

/** Formats that are read, whatever the name of the file says. */
export const uploadFormats = ['csv', 'json', 'ndjson', 'excel', 'parquet', 'avro'] as const;
export type UploadFormat = (typeof uploadFormats)[number];

const Words = (description: string) =>
  Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20, description: `${description}, as JSON` });
const DateFormat = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'day_first, month_first, or as strptime has it: %d/%m/%Y',
});

/**
 * Decisions about a file that its uploader takes instead of us: form fields or query parameters of an upload, the body of
 * reading again, and part of an import.
 */
export const UploadOptions = Type.Object(
  {
    format: Type.Optional(StringEnum(uploadFormats, { description: 'Refused if the content says otherwise' })),
    encoding: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        description: 'A label of the Encoding Standard, latin-1 (ISO-8859-1), cp437, cp850 or cp852',
        examples: ['utf-8', 'windows-1252', 'shift_jis', 'macintosh'],
      }),
    ),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 4, description: 'A tab is %09' })),
    quote: Type.Optional(Type.String({ maxLength: 1, description: 'One character; empty: none' })),
    escape: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1,
        description: 'What goes before a quote inside quotes; default: a quote',
      }),
    ),
    comment: Type.Optional(
      Type.String({ maxLength: 4, description: 'Lines that begin with it are left out; empty: none are' }),
    ),
    decimal: Type.Optional(StringEnum(['.', ','])),
    thousands: Type.Optional(
      Type.String({ maxLength: 1, description: 'Between groups of three digits; empty: numbers have no groups' }),
    ),
    header: Type.Optional(Type.Boolean({ description: 'Whether the first row holds the names of the columns' })),
    header_row: Type.Optional(
      Type.Union(
        [
          Type.Integer({ minimum: 1, maximum: 1000 }),
          Type.Array(Type.Integer({ minimum: 1, maximum: 1000 }), { minItems: 1, maxItems: 5 }),
          Type.Literal('none'),
        ],
        {
          description:
            'The row, from 1 and after skip_rows, that holds the names; several, as JSON, are joined; or none',
        },
      ),
    ),
    skip_rows: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'Lines of the file, or rows of a sheet, to leave out at its top',
      }),
    ),
    skip_footer: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description: 'Rows to leave out at the end; default: notes are found',
      }),
    ),
    rows: Type.Optional(Type.Integer({ minimum: 1, description: 'Reads so many rows and no more' })),
    columns: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
        minItems: 1,
        maxItems: 5000,
        description: 'The columns to keep, by name, as JSON',
      }),
    ),
    widths: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 10_000 }), {
        minItems: 1,
        maxItems: 5000,
        description: 'Characters of each column of a text without delimiters, as JSON',
      }),
    ),
    types: Type.Optional(
      Type.Record(Type.String(), StringEnum(castTypes), {
        description:
          'Types by column, as JSON; a value that does not fit refuses the file, unless on_error says otherwise',
      }),
    ),
    date_format: Type.Optional(
      Type.Union([DateFormat, Type.Record(Type.String(), DateFormat)], {
        description: 'How dates are written: day_first, month_first, %d/%m/%Y; or one for each column, as JSON',
      }),
    ),
    pivot_year: Type.Optional(
      Type.Integer({ minimum: 1000, maximum: 9900, description: 'The first of the hundred years that %y means' }),
    ),
    true_values: Type.Optional(Words('Words for true')),
    false_values: Type.Optional(Words('Words for false')),
    null_values: Type.Optional(Words('Texts that mean missing; default [""]')),
    on_error: Type.Optional(
      StringEnum(['keep-text', 'missing', 'refuse'], {
        description: 'What becomes of a value that does not fit a column of numbers or dates; default: keep-text',
      }),
    ),
    unescape_formulas: Type.Optional(
      Type.Boolean({ description: "CSV: take away the ' that downloads put before formulas; default: true" }),
    ),
    sheet: Type.Optional(
      Type.String({ maxLength: 255, description: 'Name, or number from 0, of the sheet of a workbook' }),
    ),
    range: Type.Optional(
      Type.String({ pattern: '^[A-Za-z]{1,3}[0-9]{1,7}:[A-Za-z]{1,3}[0-9]{1,7}$', description: 'Of a sheet: B3:H200' }),
    ),
    record_path: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'JSON: keys to the array that holds the rows (data.items)',
      }),
    ),
    flatten: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 5,
        description: 'JSON: makes columns of nested objects; between the keys',
      }),
    ),
    explode: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'JSON: makes a row of each element of this key' }),
    ),
    allow_nan: Type.Optional(
      Type.Boolean({ description: 'JSON: reads NaN (missing) and Infinity, which the format does not have' }),
    ),
  },
  { additionalProperties: false },
);
export type UploadOptions = Static<typeof UploadOptions>;
