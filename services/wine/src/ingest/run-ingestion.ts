import { join } from 'node:path';
import {
  ServiceError,
  type WineIngestionResult,
  type WineIngestRequest,
  type WineSeries,
  type WineSeriesOutcome,
} from '@vindima/contracts';
import type { ObjectStore } from '@vindima/object-store';
import type { Logger } from '@vindima/service-kit';
import pLimit from 'p-limit';
import { catalogue } from '../catalogue/catalogue.ts';
import { logKey } from '../lake/keys.ts';
import type { Manifest } from '../lake/manifest.ts';
import { parse } from '../vitibrasil/parse.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { type FetchPorts, fetchFile } from './fetch-file.ts';
import { createRunLog, type RunLog } from './run-log.ts';
import { urlOf } from './settings.ts';
import { storeTable } from './store-table.ts';

/** The data of a series before an ingestion. */
export interface Known {
  readonly manifest: Manifest | undefined;
  /** Whether its objects are still there; if not, the file is fetched whether it has changed or not. */
  readonly intact: boolean;
}

/** What is known of the series, and is told what became of them. */
export interface SeriesBook {
  known(series: WineSeries): Promise<Known>;
  /** New data is in the lake. */
  ingested(manifest: Manifest, before: Manifest | undefined): Promise<void>;
  /** The source is what it was. */
  unchanged(series: WineSeries, at: string): Promise<void>;
  failed(series: WineSeries, error: { code: string; error: string; url: string; at: string }): Promise<void>;
}

export interface IngestionPorts extends FetchPorts {
  readonly objects: ObjectStore;
  readonly book: SeriesBook;
  readonly logger: Logger;
  /** Folder of the run's local log; without it only the object store has it. */
  readonly logFolder?: string;
  readonly progress?: (fraction: number, message: string) => void;
}

/** A failure as clients are shown it: what was not foreseen is in the log only. */
const describe = (error: unknown, url: string) => {
  if (!(error instanceof ServiceError)) {
    return { code: 'wine.unexpected', error: `Something unexpected went wrong with ${url}; the log has it.` };
  }
  const message = error.message.includes(url) ? error.message : `${error.message} (${url})`;
  return { code: error.code, error: message };
};

const noted = (table: SeriesTable, log: RunLog) => {
  for (const warning of table.warnings) log.write('warn', 'warning', { series: table.series.id, ...warning });
};

/** Ingests one series. Never rejects, unless the run was aborted: one series failing does not stop the others. */
const ingestSeries = async (
  ports: IngestionPorts,
  log: RunLog,
  series: WineSeries,
  run: { readonly id: string; readonly processingDate: string; readonly force: boolean },
): Promise<WineSeriesOutcome> => {
  const { book, clock, settings, signal, logger } = ports;
  const url = urlOf(settings, series.file);
  const began = performance.now();
  const outcome = (
    what: WineSeriesOutcome['outcome'],
    manifest: Manifest | undefined,
    error: WineSeriesOutcome['error'] = null,
  ): WineSeriesOutcome => ({
    series: series.id,
    outcome: what,
    url,
    rows: manifest?.rows ?? null,
    figures: manifest?.figures ?? null,
    warnings: manifest?.warnings ?? null,
    object_key: manifest?.object_key ?? null,
    milliseconds: Math.round(performance.now() - began),
    error,
  });
  try {
    const { manifest: known, intact } = await book.known(series);
    // An earlier attempt of this very run got as far as this.
    if (known?.run === run.id) return outcome('ingested', known);
    const fetched = await fetchFile(ports, series, run.force || !intact ? undefined : known?.source);
    if (!fetched.changed) {
      await book.unchanged(series, clock().toISOString());
      log.write('info', 'unchanged', { series: series.id, url });
      return outcome('unchanged', known);
    }
    const previous = known === undefined ? undefined : { rows: known.rows, lastYear: known.last_year };
    const table = parse(series, fetched.bytes, previous);
    noted(table, log);
    const manifest = await storeTable(ports.objects, {
      table,
      bytes: fetched.bytes,
      source: fetched.source,
      run: run.id,
      processingDate: run.processingDate,
      signal,
    });
    await book.ingested(manifest, known);
    log.write('info', 'ingested', {
      series: series.id,
      url,
      object_key: manifest.object_key,
      figures: manifest.figures,
    });
    return outcome('ingested', manifest);
  } catch (error) {
    signal.throwIfAborted();
    const described = describe(error, url);
    logger.warn({ err: error, series: series.id, run: run.id, url }, 'a series could not be ingested');
    log.write('error', 'failed', { series: series.id, url, ...described });
    await book.failed(series, { ...described, url, at: clock().toISOString() });
    return outcome('failed', undefined, described);
  }
};

const conclude = (outcomes: readonly WineSeriesOutcome[]): WineIngestionResult['outcome'] => {
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed').length;
  return failed === 0 ? 'succeeded' : failed === outcomes.length ? 'failed' : 'partial';
};

/** The log is for people to read later; that it cannot be kept does not undo what was ingested. */
const keepLog = async (ports: IngestionPorts, log: RunLog, key: string): Promise<string | null> => {
  try {
    await log.flush();
    await ports.objects.put(key, Buffer.from(log.text()), { contentType: 'application/x-ndjson' });
    return key;
  } catch (error) {
    ports.logger.warn({ err: error, key }, 'the log of an ingestion could not be kept');
    return null;
  }
};

/**
 * Runs one ingestion: fetches the files asked for, a few at once, and brings the changed ones into the lake. May be run again
 * with the same id after a crash: what was done before is then unchanged, or written over with the same.
 *
 * @param id names the run's objects
 * @returns what became of each series, in the order of the catalogue
 * @throws the abort reason when `ports.signal` was aborted
 */
export const runIngestion = async (
  ports: IngestionPorts,
  id: string,
  request: WineIngestRequest,
): Promise<WineIngestionResult> => {
  const { clock, settings, logFolder, progress = () => undefined } = ports;
  const wanted = catalogue.filter((series) => request.series?.includes(series.id) ?? true);
  const processingDate = clock().toISOString().slice(0, 10);
  const log = createRunLog(id, clock, logFolder === undefined ? undefined : join(logFolder, `${id}.jsonl`));
  log.write('info', 'begun', { series: wanted.map((series) => series.id), force: request.force ?? false });
  const limit = pLimit(settings.concurrency);
  let done = 0;
  const run = { id, processingDate, force: request.force ?? false };
  progress(0, `fetching ${wanted.length} files`);
  const outcomes = await limit.map(wanted, async (series) => {
    ports.signal.throwIfAborted();
    const outcome = await ingestSeries(ports, log, series, run);
    done += 1;
    progress(done / wanted.length, `${series.id} ${outcome.outcome}, ${done} of ${wanted.length}`);
    return outcome;
  });
  const outcome = conclude(outcomes);
  log.write(outcome === 'succeeded' ? 'info' : 'error', 'ended', { outcome });
  return {
    outcome,
    processing_date: processingDate,
    series: outcomes,
    log_key: await keepLog(ports, log, logKey(processingDate, id)),
  };
};
