import { createHash } from 'node:crypto';
import type { PriceSnapshot, PricingRunInput } from '@vindima/contracts';
import { manifestKey, runKey, storeRun } from '@vindima/lake/store-run';
import { dateOf } from '../calendar/dates.ts';
import type { PricingContext } from '../context.ts';
import type { createPriceTable } from './price-table.ts';

const dataSet = 'pricing/prices';
/** Of the manifest's format; it changes when a reader would have to. */
const format = 1;

/**
 * Writes a run's prices into the lake: the Parquet file, then the manifest that makes it the current one. The same run writes
 * the same keys again, so that a repetition leaves one file.
 */
export const writeSnapshot = async (
  { objects, sources, clock }: Pick<PricingContext, 'objects' | 'sources' | 'clock'>,
  run: { readonly id: string; readonly input: Required<PricingRunInput>; readonly signal: AbortSignal },
  table: ReturnType<typeof createPriceTable>,
): Promise<PriceSnapshot> => {
  const processingDate = dateOf(clock());
  const source = sources.provider === sources.store ? sources.store : `${sources.provider}, ${sources.store}`;
  const metadata = { source, provider: sources.provider, store: sources.store, run: run.id };
  const file = table.toParquet(metadata);
  const snapshot = {
    run_id: run.id,
    processing_date: processingDate,
    key: runKey(dataSet, processingDate, run.id),
    manifest_key: manifestKey(dataSet),
    rows: table.rows(),
    bytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
    currencies: run.input.currencies,
    from: run.input.from,
    to: run.input.to,
    source,
  };
  const { key, manifest_key: _, run_id, ...rest } = snapshot;
  const manifest = { format, run: run_id, object_key: key, ...rest };
  await storeRun(objects, dataSet, file, manifest, run.signal);
  return snapshot;
};
