import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, type DatasetKind, datasetsEvents, type UploadOptions } from '@vindima/contracts';
import { insertDataset } from '../db/datasets.ts';
import { sourceKey, tableKey } from '../tables/keys.ts';
import { type Done, dayOf, type Tools, type WorkOptions } from './tools.ts';

export interface FileToImport {
  /** The file on local disk, in `folder`. */
  readonly path: string;
  readonly folder: string;
  readonly size: number;
  readonly filename: string;
  readonly options: UploadOptions;
  readonly kind: DatasetKind;
  /** What it came from; null for an upload. */
  readonly source: string | null;
}

/** Reads a file once and stores it as a table. */
export const importFile = async (
  { context, engine, store }: Tools,
  file: FileToImport,
  { id, timeout, signal, caller }: WorkOptions,
): Promise<Done<Dataset>> => {
  const output = join(file.folder, 'table.parquet');
  const result = await engine.run(
    'ingest',
    { path: file.path, filename: file.filename, options: file.options, output },
    { folder: file.folder, timeout, signal, caller },
  );
  const now = context.clock();
  const objectKey = tableKey(dayOf(now), id);
  await store.keep(objectKey, output);
  const kept = file.kind === 'upload' ? sourceKey(dayOf(now), id) : null;
  if (kept !== null) await context.objects.put(kept, createReadStream(file.path));
  const dataset: Dataset = {
    file_id: id,
    filename: file.filename,
    kind: file.kind,
    format: result.format,
    rows: result.rows,
    columns: result.columns,
    dialect: result.dialect,
    warnings: result.warnings,
    size: file.size,
    stored_size: result.bytes,
    source: file.source,
    created_at: now.toISOString(),
    ...(kept === null ? {} : { source_size: file.size }),
  };
  return {
    answer: dataset,
    commit: async (transaction) => {
      await insertDataset(transaction, { dataset, objectKey, sourceKey: kept });
      await context.messages.send(transaction, datasetsEvents.imported, {
        file_id: id,
        filename: dataset.filename,
        kind: dataset.kind,
        format: dataset.format,
        rows: dataset.rows,
        columns: dataset.columns.length,
        source: dataset.source,
      });
    },
  };
};
