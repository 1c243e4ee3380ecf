import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Dataset,
  type DownloadFormat,
  datasetsEvents,
  type OperationOf,
  type ProcessAnswer,
  type TableOperation,
} from '@vindima/contracts';
import { getDataset, insertDataset } from '../db/datasets.ts';
import type { RunOptions } from '../engine/pool.ts';
import { tableKey } from '../tables/keys.ts';
import { derivedName, downloadUrl } from './names.ts';
import { type Done, dayOf, type Tools, type WorkOptions } from './tools.ts';

/** An answer whose rows, when they are in it, are still JSON text: integers in them may be too large for JavaScript. */
export interface ProcessDone extends Done<ProcessAnswer> {
  readonly rows: string | undefined;
}

/**
 * Applies operations to a table and stores the result as a table of its own.
 * @param inline bytes up to which the result is in the answer
 */
export const processDataset = async (
  tools: Tools,
  fileId: string,
  operations: readonly TableOperation[],
  inline: number,
  { id, timeout, signal, caller }: WorkOptions,
): Promise<ProcessDone> => {
  const { context, engine, store } = tools;
  const source = await getDataset(context.database.query, fileId);
  const { output_format: format, escape_formulas: escapeFormulas = true } = outputOf(operations);
  return engine.withFolder((folder) =>
    store.withTable(source, async (path) => {
      const output = join(folder, 'table.parquet');
      const run = { folder, timeout, signal, caller, readable: [path] };
      const result = await engine.run('process', { path, operations, output }, run);
      const rendered = await renderInline(tools, output, result.bytes, { format, escapeFormulas }, inline, run);
      const now = context.clock();
      const objectKey = tableKey(dayOf(now), id);
      await store.keep(objectKey, output);
      const dataset: Dataset = {
        file_id: id,
        filename: derivedName(source.dataset.filename, 'processed', 'parquet'),
        kind: 'result',
        format: 'parquet',
        rows: result.rows,
        columns: result.columns,
        dialect: {},
        warnings: [],
        size: result.bytes,
        stored_size: result.bytes,
        source: fileId,
        created_at: now.toISOString(),
      };
      const removed = result.rowsBefore - result.rows;
      return {
        rows: rendered !== undefined && format !== 'csv' ? rendered : undefined,
        answer: {
          status: 'success',
          processed_data: {
            file_id: id,
            format,
            columns: result.columns,
            rows: result.rows,
            ...(rendered !== undefined && format === 'csv' ? { data: rendered } : {}),
            download_url: `${downloadUrl(context.config.PUBLIC_URL, id, format)}${escapeFormulas ? '' : '&escape_formulas=false'}`,
          },
          statistics: {
            rows_processed: result.rowsBefore,
            rows_removed: removed,
            rows_remaining: result.rows,
            operations: result.operations,
          },
        },
        commit: async (transaction) => {
          await insertDataset(transaction, { dataset, objectKey, sourceKey: null });
          await context.messages.send(transaction, datasetsEvents.processed, {
            file_id: fileId,
            result_file_id: id,
            rows: result.rows,
            rows_removed: removed,
          });
        },
      };
    }),
  );
};

/** The last transform says; without one the answer is JSON. */
const outputOf = (operations: readonly TableOperation[]): OperationOf<'transform'>['params'] =>
  operations.findLast((operation) => operation.type === 'transform')?.params ?? { output_format: 'json' };

/** The result as text, if it is small and its format is text. JSON comes as one array, whatever the kind of JSON. */
const renderInline = async (
  { engine }: Tools,
  path: string,
  bytes: number,
  { format, escapeFormulas }: { format: DownloadFormat; escapeFormulas: boolean },
  inline: number,
  run: RunOptions,
): Promise<string | undefined> => {
  const text = format === 'ndjson' ? 'json' : format;
  if ((text !== 'json' && text !== 'csv') || bytes > inline) return undefined;
  const output = join(run.folder, 'inline');
  await engine.run('render', { path, format: text, escapeFormulas, output }, run);
  return (await stat(output)).size > inline ? undefined : readFile(output, 'utf8');
};
