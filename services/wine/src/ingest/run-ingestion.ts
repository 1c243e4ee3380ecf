import { join } from 'node:path';
import {
  ServiceError,
  type WineFinding,
  type WineIngestionResult,
  type WineIngestRequest,
  type WineSeries,
  type WineSeriesOutcome,
  type WineSource,
} from '@vindima/contracts';
import type { ObjectStore } from '@vindima/object-store';
import type { Logger } from '@vindima/service-kit';
import pLimit from 'p-limit';
import { catalogue } from '../catalogue/catalogue.ts';
import type { HeldSource } from '../db/vintages.ts';
import { changesBetween, type FigureChange } from '../judge/changes.ts';
import { judgeFile } from '../judge/judge-file.ts';
import { logKey, sourceKey } from '../lake/keys.ts';
import type { Manifest } from '../lake/manifest.ts';
import { parse } from '../vitibrasil/parse.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { type Fetched, type FetchPorts, fetchFile } from './fetch-file.ts';
import { createRunLog, type RunLog } from './run-log.ts';
import { urlOf } from './settings.ts';
import { storeTable } from './store-table.ts';

/** The data of a series before an ingestion. */
export interface Known {
  readonly manifest: Manifest | undefined;
  /** Whether its objects are still there; if not, the file is fetched whether it has changed or not. */
  readonly intact: boolean;
}

/** What a book is told of new data besides its manifest. */
export interface Novelty {
  readonly before: Manifest | undefined;
  readonly changes: readonly FigureChange[];
  readonly at: string;
  /** Who took the file, where it was held. */
  readonly acceptedBy?: string;
}

/** What is known of the series, and is told what became of them. */
export interface SeriesBook {
  known(series: WineSeries): Promise<Known>;
  /** New data is in the lake. */
  ingested(manifest: Manifest, novelty: Novelty): Promise<void>;
  /** Whether this content of the file was served before: it then needs no judgement. */
  wasServed(series: WineSeries, sha256: string): Promise<boolean>;
  /** The file is kept apart, with its source in the object store. */
  held(held: HeldSource, findings: readonly WineFinding[], error: SeriesFailure): Promise<void>;
  /** @returns the held files of some SHA-256. */
  findHeld(sha256: readonly string[]): Promise<readonly HeldSource[]>;
  /** The source is what it was. */
  unchanged(series: WineSeries, at: string): Promise<void>;
  failed(series: WineSeries, error: SeriesFailure): Promise<void>;
}

export interface SeriesFailure {
  readonly code: string;
  readonly error: string;
  readonly url: string;
  readonly at: string;
}

export interface IngestionPorts extends FetchPorts {
  readonly objects: ObjectStore;
  readonly book: SeriesBook;
  readonly logger: Logger;
  /** Folder of the run's local log; without it only the object store has it. */
  readonly logFolder?: string;
  readonly progress?: (fraction: number, message: string) => void;
  /** The current data of all series, to recognise one under the name of another. */
  readonly currentTables?: () => readonly SeriesTable[];
  /** Who asked for it. */
  readonly caller?: string;
}

interface Run {
  readonly id: string;
  readonly processingDate: string;
  readonly force: boolean;
  /** Held files that are taken now; then nothing is fetched. */
  readonly accepted: ReadonlyMap<string, HeldSource>;
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

/** The last good data of a series, to compare with; none where it was made up and the new is not, or the other way round. */
const lastGood = async (
  { objects }: IngestionPorts,
  series: WineSeries,
  known: Manifest | undefined,
  source: WineSource,
): Promise<SeriesTable | undefined> => {
  if (known === undefined || (known.source.kind === 'sandbox') !== (source.kind === 'sandbox')) return undefined;
  if ((await objects.head(known.source_key)) === undefined) return undefined;
  return parse(series, await objects.get(known.source_key, { maximumBytes: known.source.bytes }));
};

/** Fetches the file of a series, or takes the one that was held. */
const obtain = async (
  ports: IngestionPorts,
  series: WineSeries,
  known: WineSource | undefined,
  accepted: HeldSource | undefined,
): Promise<Fetched> => {
  if (accepted === undefined) return fetchFile(ports, series, known);
  const bytes = await ports.objects.get(accepted.sourceKey, { maximumBytes: accepted.source.bytes });
  return { changed: true, bytes, source: accepted.source };
};

/** `Producao.csv is held: ...`, with all that differs. */
const heldError = (series: WineSeries, findings: readonly WineFinding[]) => ({
  code: 'wine.file_held',
  error: `${series.file} is held until somebody takes it (GET /wine/held). ${findings.map(({ message }) => message).join(' ')}`,
});

/** Keeps a file apart. The data before stays. */
const hold = async (
  ports: IngestionPorts,
  log: RunLog,
  series: WineSeries,
  file: { readonly bytes: Uint8Array; readonly source: WineSource },
  findings: readonly WineFinding[],
) => {
  const { source } = file;
  const error = heldError(series, findings);
  const sourceKeyOfFile = sourceKey(series.id, source.sha256);
  await ports.objects.put(sourceKeyOfFile, file.bytes, { contentType: 'text/csv', signal: ports.signal });
  const at = ports.clock().toISOString();
  await ports.book.held({ series: series.id, source, sourceKey: sourceKeyOfFile }, findings, {
    ...error,
    url: source.url,
    at,
  });
  log.write('warn', 'held', { series: series.id, url: source.url, sha256: source.sha256, findings });
  return error;
};

/** Ingests one series. Never rejects, unless the run was aborted: one series failing does not stop the others. */
const ingestSeries = async (
  ports: IngestionPorts,
  log: RunLog,
  series: WineSeries,
  run: Run,
): Promise<WineSeriesOutcome> => {
  const { book, clock, settings, signal, logger, currentTables = () => [] } = ports;
  const accepted = run.accepted.get(series.id);
  const url = accepted?.source.url ?? urlOf(settings, series.file);
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
    const fetched = await obtain(ports, series, run.force || !intact ? undefined : known?.source, accepted);
    if (!fetched.changed) {
      await book.unchanged(series, clock().toISOString());
      log.write('info', 'unchanged', { series: series.id, url });
      return outcome('unchanged', known);
    }
    const { bytes, source } = fetched;
    const previous = known === undefined || accepted ? undefined : { rows: known.rows, lastYear: known.last_year };
    const table = parse(series, bytes, previous);
    noted(table, log);
    const before = await lastGood(ports, series, known, source);
    if (
      accepted === undefined &&
      known?.source.sha256 !== source.sha256 &&
      !(await book.wasServed(series, source.sha256))
    ) {
      const findings = judgeFile(table, before, currentTables());
      if (findings.length > 0) return outcome('held', undefined, await hold(ports, log, series, fetched, findings));
    }
    const manifest = await storeTable(ports.objects, {
      table,
      bytes,
      source,
      run: run.id,
      processingDate: run.processingDate,
      signal,
    });
    await book.ingested(manifest, {
      before: known,
      changes: before === undefined ? [] : changesBetween(before, table),
      at: clock().toISOString(),
      ...(accepted === undefined ? {} : { acceptedBy: ports.caller ?? 'operator' }),
    });
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
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'held').length;
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

/** @throws ServiceError 409 `wine.not_held` for a SHA-256 of which no file is held */
export const acceptedFiles = async (
  { book }: { readonly book: Pick<SeriesBook, 'findHeld'> },
  accept: readonly string[] | undefined,
): Promise<readonly HeldSource[]> => {
  if (accept === undefined) return [];
  const held = await book.findHeld(accept);
  const unknown = accept.filter((sha256) => held.every(({ source }) => source.sha256 !== sha256));
  if (unknown.length === 0) return held;
  throw new ServiceError(409, 'wine.not_held', `No file of the SHA-256 ${unknown.join(', ')} is held.`, {
    details: { not_held: unknown },
  });
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
  const accepted = new Map((await acceptedFiles(ports, request.accept)).map((held) => [held.series as string, held]));
  const wanted = catalogue.filter((series) =>
    request.accept === undefined ? (request.series?.includes(series.id) ?? true) : accepted.has(series.id),
  );
  const processingDate = clock().toISOString().slice(0, 10);
  const log = createRunLog(id, clock, logFolder === undefined ? undefined : join(logFolder, `${id}.jsonl`));
  log.write('info', 'begun', { series: wanted.map((series) => series.id), force: request.force ?? false });
  const limit = pLimit(settings.concurrency);
  let done = 0;
  const run: Run = { id, processingDate, force: request.force ?? false, accepted };
  progress(0, `${request.accept === undefined ? 'fetching' : 'taking'} ${wanted.length} files`);
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
