import { join } from 'node:path';
import { type Dataset, datasetsEvents, type ValidateAnswer, type ValidationSchema } from '@vindima/contracts';
import { getDataset, insertDataset } from '../db/datasets.ts';
import { tableKey } from '../tables/keys.ts';
import { violationColumns } from '../validation/validate.ts';
import { derivedName, downloadUrl } from './names.ts';
import { type Done, dayOf, type Tools, type WorkOptions } from './tools.ts';

const shownErrors = 1000;

/**
 * Holds a table to rules. The first thousand violations are in the answer.
 *
 * @param keepsErrors whether all violations are stored as a table
 */
export const validateDataset = (
  { context, engine, store }: Tools,
  fileId: string,
  schema: ValidationSchema,
  { id, timeout, signal, caller }: WorkOptions,
  keepsErrors = true,
): Promise<Done<ValidateAnswer>> =>
  engine.withFolder(async (folder) => {
    const source = await getDataset(context.database.query, fileId);
    const output = join(folder, 'violations.parquet');
    const result = await store.withTable(source, (path) =>
      engine.run(
        'validate',
        { path, schema, output, first: shownErrors },
        { folder, timeout, signal, caller, readable: [path] },
      ),
    );
    const valid = result.violations === 0;
    const hasTable = keepsErrors && !valid;
    const now = context.clock();
    const objectKey = tableKey(dayOf(now), id);
    if (hasTable) await store.keep(objectKey, output);
    const dataset: Dataset = {
      file_id: id,
      filename: derivedName(source.dataset.filename, 'errors', 'parquet'),
      kind: 'violations',
      format: 'parquet',
      rows: result.violations,
      columns: violationColumns,
      dialect: {},
      warnings: [],
      size: result.bytes,
      stored_size: result.bytes,
      source: fileId,
      created_at: now.toISOString(),
    };
    return {
      answer: {
        valid,
        errors: result.first,
        validated_rows: result.rows,
        error_count: result.violations,
        invalid_rows: result.invalidRows,
        columns: result.columns,
        errors_file_id: hasTable ? id : null,
        errors_url: hasTable ? downloadUrl(context.config.PUBLIC_URL, id, 'csv') : null,
      },
      commit: async (transaction) => {
        if (hasTable) await insertDataset(transaction, { dataset, objectKey, sourceKey: null });
        await context.messages.send(transaction, datasetsEvents.validated, {
          file_id: fileId,
          valid,
          validated_rows: result.rows,
          error_count: result.violations,
          errors_file_id: hasTable ? id : null,
        });
      },
    };
  });
