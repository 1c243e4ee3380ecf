import { Type } from 'typebox';
import { analysisTypes, datasetKinds, FileId, OperationList } from './datasets.ts';
import { UploadOptions, uploadFormats } from './datasets-read-options.ts';
import { ValidationSchema } from './datasets-table-operations.ts';
import { defineCommand, defineEvent } from './messages.ts';
import { Nullable, StringEnum } from './schema.ts';

/** What the datasets service is told to do. */
export const datasetsCommands = {
  import: defineCommand({
    service: 'datasets',
    name: 'import',
    summary: 'Read an object of the lake as a table',
    payload: Type.Object({
      object_key: Type.String({ minLength: 1, maxLength: 900 }),
      filename: Type.Optional(Type.String({ maxLength: 255 })),
      options: Type.Optional(UploadOptions),
    }),
  }),
  process: defineCommand({
    service: 'datasets',
    name: 'process',
    summary: 'Apply operations to a table; the result is a table of its own',
    payload: Type.Object({ file_id: FileId, operations: OperationList }),
  }),
  validate: defineCommand({
    service: 'datasets',
    name: 'validate',
    summary: 'Check a table against rules',
    payload: Type.Object({ file_id: FileId, schema: ValidationSchema }),
  }),
  analyze: defineCommand({
    service: 'datasets',
    name: 'analyze',
    summary: 'Compute statistics of a table',
    payload: Type.Object({ file_id: FileId, analysis_type: Type.Optional(StringEnum(analysisTypes)) }),
  }),
} as const;

/** What it tells of. */
export const datasetsEvents = {
  imported: defineEvent({
    service: 'datasets',
    name: 'imported',
    summary: 'A table was uploaded or imported',
    payload: Type.Object({
      file_id: FileId,
      filename: Type.String(),
      kind: StringEnum(datasetKinds),
      format: StringEnum(uploadFormats),
      rows: Type.Integer(),
      columns: Type.Integer(),
      source: Nullable(Type.String()),
    }),
  }),
  processed: defineEvent({
    service: 'datasets',
    name: 'processed',
    summary: 'Operations were applied to a table',
    payload: Type.Object({
      file_id: FileId,
      result_file_id: FileId,
      rows: Type.Integer(),
      rows_removed: Type.Integer(),
    }),
  }),
  validated: defineEvent({
    service: 'datasets',
    name: 'validated',
    summary: 'A table was checked against rules',
    payload: Type.Object({
      file_id: FileId,
      valid: Type.Boolean(),
      validated_rows: Type.Integer(),
      error_count: Type.Integer(),
      errors_file_id: Nullable(Type.String()),
    }),
  }),
} as const;
