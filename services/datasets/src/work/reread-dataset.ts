import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Dataset, datasetsEvents, ServiceError, type UploadOptions } from '@vindima/contracts';
import { getDataset, replaceDataset } from '../db/datasets.ts';
import type { StoredDataset } from '../db/datasets-table.ts';
import { tableKey } from '../tables/keys.ts';
import { type Done, dayOf, type Tools, type WorkOptions } from './tools.ts';

/**
 * Reads the file of a table again, with other decisions. The table keeps its id; its file before that is left to the sweep, as
 * somebody may be reading it.
 * @throws 409 `datasets.source_gone` where the file is not kept
 */
export const rereadDataset = async (
  { context, engine, store }: Tools,
  fileId: string,
  options: UploadOptions,
  { timeout, signal }: Omit<WorkOptions, 'id'>,
): Promise<Done<Dataset>> => {
  const before = await getDataset(context.database.query, fileId);
  const source = sourceOf(before);
  return engine.withFolder(async (folder) => {
    const path = join(folder, 'source');
    await pipeline(await context.objects.stream(source), createWriteStream(path), { signal });
    const output = join(folder, 'table.parquet');
    const input = { path, filename: before.dataset.filename, options, output };
    const result = await engine.run('ingest', input, { folder, timeout, signal });
    const objectKey = tableKey(dayOf(context.clock()), randomUUID());
    await store.keep(objectKey, output);
    const dataset: Dataset = {
      ...before.dataset,
      format: result.format,
      rows: result.rows,
      columns: result.columns,
      dialect: result.dialect,
      warnings: result.warnings,
      stored_size: result.bytes,
    };
    return {
      answer: dataset,
      commit: async (transaction) => {
        const replaced = await replaceDataset(transaction, { ...before, dataset, objectKey }, before.objectKey);
        if (!replaced) throw new ServiceError(409, 'datasets.changed', 'The table was changed meanwhile; try again.');
        const { filename, kind, format, rows, columns } = dataset;
        await context.messages.send(transaction, datasetsEvents.imported, {
          file_id: fileId,
          filename,
          kind,
          format,
          rows,
          columns: columns.length,
          source: dataset.source,
        });
      },
    };
  });
};

/** The object that a table was read from: its upload, or the object of the lake that was imported. */
const sourceOf = ({ dataset, sourceKey }: StoredDataset): string => {
  if (sourceKey !== null) return sourceKey;
  if (dataset.kind === 'import' && dataset.source !== null) return dataset.source;
  throw new ServiceError(
    409,
    'datasets.source_gone',
    'The file of this table is not kept (it is older than that, or the table is a result); upload it again.',
  );
};
