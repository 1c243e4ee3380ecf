import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type PredictionResult, type PredictRequest, ServiceError } from '@vindima/contracts';
import { runKey, storeRun } from '@vindima/lake/store-run';
import type { ObjectStore } from '@vindima/object-store';
import type { Desk, RowOutcome } from '../classify/desk.ts';
import { isClassifier } from '../classify/read-classes.ts';
import type { Registry } from '../registry/registry.ts';
import { type Dataset, openDataset, type PredictedRow } from './dataset.ts';
import { whenThereIsRoom } from './when-there-is-room.ts';

export interface PredictionPorts {
  readonly registry: Registry;
  readonly desk: Desk;
  readonly objects: ObjectStore;
  readonly maximumBytes: number;
}

export interface PredictionRun {
  readonly id: string;
  readonly input: PredictRequest;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly signal: AbortSignal;
  progress(fraction: number, message: string): void;
}

/**
 * Classifies a file of the lake row by row and leaves the result there as Parquet. The same version of the model answers all rows. Doing it
 * again for the same run overwrites the same objects.
 */
export const runPrediction = async (ports: PredictionPorts, run: PredictionRun): Promise<PredictionResult> => {
  const { registry, objects } = ports;
  const { model, version, object_key: sourceKey, format } = run.input;
  const lease = await registry.lease(model ?? ports.desk.currentModel(), version);
  const folder = await mkdtemp(join(tmpdir(), 'vindima-predict-'));
  let dataset: Dataset | undefined;
  try {
    const { features } = lease.signature;
    if (features === null || !isClassifier(lease.signature)) {
      throw new ServiceError(422, 'inference.not_tabular', 'This model does not classify rows of flat fields.');
    }
    const source = await download(objects, sourceKey, ports.maximumBytes, folder, run.signal);
    dataset = await openDataset(source, folder, features, format, run.signal);
    let done = 0;
    let failed = 0;
    for await (const rows of dataset.batches()) {
      run.signal.throwIfAborted();
      const outcomes = await whenThereIsRoom(() => ports.desk.many(lease, rows, 'command'), run.signal);
      const predicted = outcomes.map(toPredicted);
      dataset.append(predicted);
      done += rows.length;
      failed += predicted.filter(({ error }) => error !== null).length;
      run.progress(0.9 * (done / Math.max(1, dataset.rows)), `${done} of ${dataset.rows} rows`);
    }
    if (done !== dataset.rows) throw new Error(`${done} of ${dataset.rows} rows were read`);
    const target = join(folder, 'result.parquet');
    const metadata = {
      'vindima.model': lease.ref.name,
      'vindima.model_version': String(lease.ref.version),
      'vindima.run': run.id,
    };
    const classes = await dataset.write(target, metadata);
    const dataSet = `inference/predictions/${lease.ref.name}`;
    const result: PredictionResult = {
      format: 1,
      model: lease.ref,
      run: run.id,
      processing_date: run.processingDate,
      object_key: runKey(dataSet, run.processingDate, run.id),
      ...(await measure(target)),
      rows: done,
      failed_rows: failed,
      classes,
      source_key: sourceKey,
    };
    await storeRun(objects, dataSet, createReadStream(target), result, run.signal);
    return result;
  } finally {
    dataset?.close();
    lease.release();
    await rm(folder, { recursive: true, force: true });
  }
};

const download = async (
  objects: ObjectStore,
  key: string,
  maximumBytes: number,
  folder: string,
  signal: AbortSignal,
): Promise<string> => {
  const about = await objects.head(key);
  if (about === undefined) {
    throw new ServiceError(404, 'inference.unknown_object', `There is no object "${key}" in the lake.`);
  }
  if (about.size > maximumBytes) {
    throw new ServiceError(
      413,
      'inference.dataset_too_large',
      `The file has ${about.size} bytes; ${maximumBytes} at most are read.`,
    );
  }
  const file = join(folder, 'source');
  await pipeline(await objects.stream(key), createWriteStream(file), { signal });
  return file;
};

const toPredicted = (outcome: RowOutcome): PredictedRow => {
  if ('error' in outcome) {
    return { prediction: null, probability: null, probabilities: null, error: outcome.error.message };
  }
  const { class: name, probabilities } = outcome.row;
  return {
    prediction: name,
    probability: name === null ? null : (probabilities?.[name] ?? null),
    probabilities: probabilities === null ? null : JSON.stringify(probabilities),
    error: null,
  };
};

const measure = async (file: string): Promise<Pick<PredictionResult, 'bytes' | 'sha256'>> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
};
