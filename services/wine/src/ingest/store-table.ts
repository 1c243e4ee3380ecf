import { createHash } from 'node:crypto';
import type { WineSource } from '@vindima/contracts';
import { toParquet } from '@vindima/lake';
import { runKey, storeRun } from '@vindima/lake/store-run';
import type { ObjectStore } from '@vindima/object-store';
import { toArrow } from '../lake/arrow.ts';
import { dataSetOf, sourceKey } from '../lake/keys.ts';
import type { Manifest } from '../lake/manifest.ts';
import { everything, sizeOf } from '../query/select.ts';
import { type SeriesTable, yearsOf } from '../vitibrasil/table.ts';

export interface StoreInput {
  readonly table: SeriesTable;
  readonly bytes: Uint8Array;
  readonly source: WineSource;
  readonly run: string;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly signal: AbortSignal;
}

/** What the Parquet file says of itself, for readers that only have the file. */
const metadataOf = ({ table, source, run }: StoreInput): Record<string, string> => ({
  'vindima.series': table.series.id,
  'vindima.title': table.series.title.en,
  'vindima.run': run,
  'vindima.source_url': source.url,
  'vindima.source_kind': source.kind,
  'vindima.source_sha256': source.sha256,
  'vindima.fetched_at': source.fetched_at,
  'vindima.rows': String(table.rows.length),
  'vindima.figures': String(table.values.length),
  'vindima.warnings': String(table.warnings.length),
});

/**
 * Brings a table into the lake: the source as it was fetched, the Parquet file, and last the manifest that makes it visible. Doing
 * it again for the same run overwrites the same objects.
 */
export const storeTable = async (objects: ObjectStore, input: StoreInput): Promise<Manifest> => {
  const { table, bytes, source, run, processingDate, signal } = input;
  const { series } = table;
  const selection = everything(table);
  const parquet = toParquet(toArrow(table, selection, { processingDate, metadata: metadataOf(input) }));
  const years = yearsOf(table);
  const manifest: Manifest = {
    format: 1,
    series: series.id,
    title: series.title.en,
    run,
    processing_date: processingDate,
    object_key: runKey(dataSetOf(series.id), processingDate, run),
    bytes: parquet.length,
    sha256: createHash('sha256').update(parquet).digest('hex'),
    figures: sizeOf(selection),
    rows: table.rows.length,
    first_year: years.first,
    last_year: years.last,
    warnings: table.warnings.length,
    source,
    source_key: sourceKey(series.id, source.sha256),
  };
  await objects.put(manifest.source_key, bytes, { contentType: 'text/csv', signal });
  await storeRun(objects, dataSetOf(series.id), parquet, manifest, signal);
  return manifest;
};
