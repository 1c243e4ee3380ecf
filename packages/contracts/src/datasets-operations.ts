import { Type } from 'typebox';
import {
  AnalyzeAnswer,
  AnalyzeRequest,
  ApiHealth,
  Dataset,
  DatasetPage,
  DownloadQuery,
  datasetKinds,
  ExportAnswer,
  ProcessAnswer,
  ProcessRequest,
  RowsAnswer,
  RowsQuery,
  UploadAnswer,
  ValidateAnswer,
  ValidateRequest,
} from './datasets.ts';
import { UploadOptions } from './datasets-read-options.ts';
import { Job } from './jobs.ts';
import { JobHeaders } from './jobs-operations.ts';
import { defineOperations, type OperationErrors } from './operations/define-operation.ts';
import { PageQuery } from './pagination.ts';
import { StringEnum } from './schema.ts';

const reading = { role: 'viewer', scope: 'read' } as const;
const changing = { role: 'editor', scope: 'write' } as const;
const TableParams = Type.Object({ id: Type.String({ maxLength: 100, description: 'The id of a table' }) });
/** Rules for thousands of columns are long. */
const longRules = 8 * 2 ** 20;

const unknownFile = { 'datasets.unknown_file': [404, 'There is no such table.'] } satisfies OperationErrors;
const working = {
  'datasets.too_many_requests': [429, 'Too many requests; try again later.'],
  'datasets.busy': [503, 'Too much work at once; try again later.'],
  'datasets.too_slow': [422, 'The work took longer than a request may take; ask for a job.'],
  'datasets.too_much_memory': [422, 'The work needs more memory than it may have.'],
} satisfies OperationErrors;
const keyReused = {
  'datasets.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'],
} satisfies OperationErrors;
const readersGetNoJob = {
  'datasets.forbidden': [403, 'Whoever may only read gets no job.'],
} satisfies OperationErrors;
const unknownColumn = { 'datasets.unknown_column': [422, 'The table has no such column.'] } satisfies OperationErrors;

/** The options of an upload as a query has them: what is no text in the schema is written as JSON. */
const UploadOptionsAsText = Type.Object(
  Object.fromEntries(
    Object.entries(UploadOptions.properties as Record<string, { description?: string }>).map(
      ([name, { description }]) => [
        name,
        Type.Optional(Type.String({ description: description ?? `As the form field ${name}` })),
      ],
    ),
  ),
);

export const datasetsOperations = defineOperations('datasets', {
  apiHealth: {
    method: 'GET',
    path: '/api/health',
    tag: 'tables',
    summary: 'Whether the service answers',
    access: reading,
    answers: { 200: { description: 'It does', json: ApiHealth } },
    errors: {},
    legacy: true,
  },
  upload: {
    method: 'POST',
    path: '/api/upload',
    tag: 'tables',
    summary: 'Upload a table',
    description:
      'CSV, TSV, JSON, NDJSON, Excel, Parquet or Avro in the form field `file`; gzip of the text formats. What is decided about the file can be given as form fields or query parameters.',
    access: changing,
    query: UploadOptionsAsText,
    body: {
      form: { files: { file: { description: 'The table' } }, fields: Type.Object(UploadOptions.properties) },
      bytes: 'file',
    },
    answers: { 201: { description: 'The table, and how it was read', json: UploadAnswer } },
    errors: {
      ...working,
      'datasets.no_file': [400, 'The form has no file in its field `file`.'],
      'datasets.wrong_option': [400, 'An option is not valid; the sentence names it.'],
      'datasets.unreadable': [422, 'The file cannot be read as a table; the sentence says why.'],
      'datasets.too_many_columns': [422, 'The table has more columns than are taken.'],
    },
    legacy: true,
  },
  process: {
    method: 'POST',
    path: '/api/process',
    tag: 'tables',
    summary: 'Clean and transform a table',
    description:
      'Operations are applied in their order; the result is a table of its own. A small result is in the answer, a large one is a link. `async`, or a large table, is answered with 202 and a job.',
    access: changing,
    headers: JobHeaders,
    body: { json: ProcessRequest, bytes: longRules },
    answers: {
      200: { description: 'The result', json: ProcessAnswer },
      202: { description: 'The job that makes it', json: Job },
    },
    errors: {
      ...working,
      ...unknownFile,
      ...keyReused,
      ...unknownColumn,
      'datasets.not_numeric': [422, 'A column holds no numbers.'],
      'datasets.cast_failed': [422, 'Values cannot be cast.'],
      'datasets.wrong_condition': [422, 'A condition does not fit its column.'],
      'datasets.wrong_pattern': [422, 'A pattern is no regular expression.'],
      'datasets.wrong_value': [422, 'A value does not fit its column.'],
      'datasets.wrong_name': [422, 'A name cannot be that of a column.'],
      'datasets.missing_parameter': [422, 'An operation lacks a parameter.'],
    },
    examples: {
      body: {
        file_id: 'the file_id of an upload',
        operations: [{ type: 'clean', params: { trim: true, remove_duplicates: true } }],
      },
    },
    legacy: true,
  },
  validate: {
    method: 'POST',
    path: '/api/validate',
    tag: 'tables',
    summary: 'Check a table against rules',
    description:
      'Every value that breaks a rule is reported with its row (from 1, the header not counted), column, rule and message: the first 1,000 in the answer, all of them as the table `errors_file_id`. Whoever may only read gets the report alone: no table is made (`errors_file_id` is null) and no job, so that a table which takes longer than a request is refused.',
    access: reading,
    headers: JobHeaders,
    body: { json: ValidateRequest, bytes: longRules },
    answers: {
      200: { description: 'The report', json: ValidateAnswer },
      202: { description: 'The job that checks', json: Job },
    },
    errors: {
      ...working,
      ...unknownFile,
      ...keyReused,
      ...readersGetNoJob,
      'datasets.wrong_rule': [422, 'A rule does not fit its column.'],
      'datasets.wrong_pattern': [422, 'A pattern is no regular expression.'],
    },
    examples: {
      body: {
        file_id: 'the file_id of an upload',
        schema: { price: { type: 'number', required: true } },
      },
    },
    legacy: true,
  },
  analyze: {
    method: 'POST',
    path: '/api/analyze',
    tag: 'tables',
    summary: 'Statistics of a table',
    description:
      '`descriptive`: mean, median, standard deviation (of the sample), smallest and largest value; one object for a table with one column of numbers, else one by column. `profile`: what each column holds. `correlation`: Pearson, between columns of numbers. Whoever may only read gets no job: a table which takes longer than a request is refused.',
    access: reading,
    headers: JobHeaders,
    body: { json: AnalyzeRequest, bytes: longRules },
    answers: {
      200: { description: 'The statistics', json: AnalyzeAnswer },
      202: { description: 'The job that computes them', json: Job },
    },
    errors: {
      ...working,
      ...unknownFile,
      ...keyReused,
      ...readersGetNoJob,
      ...unknownColumn,
      'datasets.not_numeric': [422, 'A column holds no numbers.'],
    },
    examples: { body: { file_id: 'the file_id of an upload', analysis_type: 'profile' } },
    legacy: true,
  },
  download: {
    method: 'GET',
    path: '/api/download/:file_id',
    tag: 'tables',
    summary: 'Take a table away in any format',
    access: reading,
    params: Type.Object({ file_id: Type.String({ maxLength: 100, description: 'The id of a table' }) }),
    query: DownloadQuery,
    answers: {
      200: {
        description: 'The file',
        file: [
          'text/csv',
          'application/json',
          'application/x-ndjson',
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          'application/vnd.apache.parquet',
        ],
      },
    },
    errors: {
      ...working,
      ...unknownFile,
      'datasets.text_too_long': [422, 'A text is longer than a cell of this format may be.'],
    },
    legacy: true,
  },
  list: {
    method: 'GET',
    path: '/datasets',
    tag: 'tables',
    summary: 'The stored tables, newest first',
    access: reading,
    query: Type.Object({
      ...PageQuery.properties,
      kind: Type.Optional(StringEnum(datasetKinds, { description: 'Only tables of this kind' })),
    }),
    answers: { 200: { description: 'A page of tables', json: DatasetPage } },
    errors: { 'datasets.wrong_cursor': [400, 'The cursor is not one of ours.'] },
  },
  get: {
    method: 'GET',
    path: '/datasets/:id',
    tag: 'tables',
    summary: 'One table: its columns, how it was read, what to know of it',
    access: reading,
    params: TableParams,
    answers: { 200: { description: 'The table', json: Dataset } },
    errors: unknownFile,
  },
  listRows: {
    method: 'GET',
    path: '/datasets/:id/rows',
    tag: 'tables',
    summary: 'Some rows of a table',
    access: reading,
    params: TableParams,
    query: RowsQuery,
    answers: { 200: { description: 'The rows', json: RowsAnswer } },
    errors: { ...working, ...unknownFile },
  },
  reread: {
    method: 'POST',
    path: '/datasets/:id/reread',
    tag: 'tables',
    summary: 'Read the file of a table again, with other decisions',
    description:
      'The table keeps its id. Files are kept for a while; the table of one that is gone is answered with 409.',
    access: changing,
    params: TableParams,
    // Unknown options are refused by the operation, with the nearest name.
    body: { json: Type.Object(UploadOptions.properties, { title: 'RereadRequest', additionalProperties: true }) },
    answers: { 200: { description: 'The table as it is now', json: Dataset } },
    errors: {
      ...working,
      ...unknownFile,
      'datasets.wrong_option': [400, 'An option is not valid; the sentence names it.'],
      'datasets.unreadable': [422, 'The file cannot be read as a table; the sentence says why.'],
      'datasets.source_gone': [409, 'The file of the table is not kept any more.'],
      'datasets.changed': [409, 'The table was changed meanwhile; try again.'],
    },
    examples: { body: { delimiter: ';', decimal: ',' } },
  },
  export: {
    method: 'POST',
    path: '/datasets/:id/export',
    tag: 'tables',
    summary: 'Write a table to the lake as Parquet',
    description: 'In a Hive partition of its day; the manifest, written last, names the current file.',
    access: changing,
    params: TableParams,
    answers: { 201: { description: 'Where it is', json: ExportAnswer } },
    errors: unknownFile,
  },
  delete: {
    method: 'DELETE',
    path: '/datasets/:id',
    tag: 'tables',
    summary: 'Remove a table',
    access: changing,
    params: TableParams,
    answers: { 204: { description: 'It is gone' } },
    errors: unknownFile,
  },
});
