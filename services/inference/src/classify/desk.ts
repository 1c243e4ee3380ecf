import { setImmediate as turn } from 'node:timers/promises';
import {
  type Classification,
  type HistoryItem,
  type InferenceSignature,
  type PredictionItem,
  ServiceError,
} from '@vindima/contracts';
import type { Recorder } from '../history/recorder.ts';
import { type HistoryRow, toHistoryRow } from '../history/row.ts';
import type { Registry } from '../registry/registry.ts';
import type { Lease } from '../runtime/shelf.ts';
import { concatenateAll, type RowRange } from '../tensors/rows.ts';
import type { Tensors } from '../tensors/tensor.ts';
import { isClassifier, type RowClass, readClasses } from './read-classes.ts';
import type { Warn } from './read-feature.ts';
import { type RowPrediction, readPredictions } from './read-predictions.ts';
import { createRowReader, type RowOptions, type RowReader } from './read-row.ts';

/** What became of one row of several. */
export type RowOutcome = { readonly row: HistoryRow } | { readonly error: ServiceError };

/** Where rows are classified, whoever asks. */
export interface Desk {
  /** The model of `POST /model/classify/`. @throws ServiceError 409 `inference.no_model_loaded` */
  currentModel(): string;
  /**
   * Classifies one row and remembers it: when this resolves, the history has it.
   * @throws ServiceError 404, 409, 422 `inference.invalid_row`, 429 `inference.busy`, 503 `inference.history_unavailable`
   */
  one(model: string, row: unknown, source: HistoryItem['source'], extra?: RowOptions['extra']): Promise<HistoryRow>;
  /** Classifies rows without remembering them: what is done with the result is the caller's. A bad row fails alone. */
  many(
    lease: Lease,
    rows: readonly unknown[],
    source: HistoryItem['source'],
    options?: ManyOptions,
  ): Promise<RowOutcome[]>;
}

export interface ManyOptions {
  readonly extra?: RowOptions['extra'];
  /** Whether classes are wanted, or what any model says. Default: classes. */
  readonly answers?: 'classes' | 'predictions';
}

export interface DeskOptions {
  readonly registry: Registry;
  readonly recorder: Recorder;
}

/** How long rows are read before others have their turn. */
const longestTurnMs = 5;

const readers = new WeakMap<InferenceSignature, RowReader>();

/** The reader of a model's rows; made once for each version. */
const readerOf = (signature: InferenceSignature): RowReader => {
  const known = readers.get(signature);
  if (known !== undefined) return known;
  const reader = createRowReader(signature);
  readers.set(signature, reader);
  return reader;
};

export const createDesk = ({ registry, recorder }: DeskOptions): Desk => ({
  currentModel: () => {
    const { current } = registry.state;
    if (current === null || registry.state.models.get(current)?.loaded !== true) {
      throw new ServiceError(409, 'inference.no_model_loaded', 'No model is loaded; POST /model/load/ loads one.');
    }
    return current;
  },
  one: async (model, row, source, extra) => {
    const lease = await registry.lease(model);
    try {
      const warnings = createWarnings();
      const feeds = readerOf(lease.signature)(row, { extra, warn: warnings.add });
      const outputs = await lease.batcher.run(feeds, 1);
      const [answer] = readClasses(lease.signature, outputs);
      if (answer === undefined) throw new Error('a run of one row had no answer');
      const recorded = toRow(lease, row, answer, source, warnings.list);
      await recorder.record([recorded]);
      return recorded;
    } finally {
      lease.release();
    }
  },
  many: async (lease, rows, source, { extra, answers = 'classes' } = {}) => {
    const outcomes = new Array<RowOutcome>(rows.length);
    const read = readerOf(lease.signature);
    const good: { readonly index: number; readonly feeds: Tensors; readonly warnings: Warnings }[] = [];
    let since = performance.now();
    for (const [index, row] of rows.entries()) {
      // Other requests are answered in between: there may be many rows, or large ones.
      if (performance.now() - since > longestTurnMs) {
        await turn();
        since = performance.now();
      }
      try {
        const warnings = createWarnings();
        good.push({ index, feeds: read(row, { extra, warn: warnings.add }), warnings });
      } catch (error) {
        outcomes[index] = { error: asServiceError(error) };
      }
    }
    const together = rowsTogether(lease.signature);
    for (let start = 0; start < good.length; start += together) {
      const part = good.slice(start, start + together);
      const results = await runPart(lease, part, answers === 'classes' ? readClasses : readAny);
      for (const [place, { index, warnings }] of part.entries()) {
        const result = results[place];
        if (result === undefined) continue;
        outcomes[index] =
          result instanceof ServiceError
            ? { error: result }
            : { row: toRow(lease, rows[index], result, source, warnings.list) };
      }
    }
    return outcomes;
  },
});

const rowsAtOnce = 256;

/** Rows can only be put into one tensor where all have the same shape. */
const rowsTogether = ({ features, inputs }: InferenceSignature): number =>
  features !== null || inputs.every(({ shape }) => shape.slice(1).every((size) => size >= 0)) ? rowsAtOnce : 1;

const runPart = async (
  lease: Lease,
  part: readonly { readonly feeds: Tensors }[],
  read: (signature: InferenceSignature, range: RowRange) => RowAnswer[],
): Promise<readonly (RowAnswer | ServiceError)[]> => {
  try {
    const outputs = await lease.batcher.run(concatenateAll(part.map(({ feeds }) => feeds)), part.length);
    return read(lease.signature, outputs);
  } catch (error) {
    const failure = asServiceError(error);
    // Overload is nobody's row's fault.
    if (failure.status === 429 || failure.status >= 500) throw failure;
    if (part.length === 1) return [failure];
    const alone: (RowAnswer | ServiceError)[] = [];
    for (const item of part) alone.push(...(await runPart(lease, [item], read)));
    return alone;
  }
};

const asServiceError = (error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  throw error;
};

/** A class, or what any model says. */
type RowAnswer = RowClass | (RowPrediction & { readonly class: string | null });

const readAny = (signature: InferenceSignature, range: RowRange): RowAnswer[] =>
  readPredictions(signature, range).map((answer) => ({
    ...answer,
    class: isClassifier(signature) ? String(answer.prediction) : null,
  }));

interface Warnings {
  readonly add: Warn;
  readonly list: readonly string[];
}

const createWarnings = (): Warnings => {
  const list: string[] = [];
  return { add: (warning) => void list.push(warning), list };
};

const toRow = (
  { ref }: Lease,
  input: unknown,
  answer: RowAnswer,
  source: HistoryItem['source'],
  warnings: readonly string[],
): HistoryRow => {
  const said =
    'prediction' in answer
      ? { prediction: answer.prediction, probabilities: answer.probabilities }
      : { class: answer.class, probabilities: answer.probabilities };
  const row = toHistoryRow({
    model: ref,
    source,
    class: answer.class,
    probabilities: answer.probabilities,
    input: JSON.stringify(input) ?? 'null',
    output: JSON.stringify(said),
  });
  const prediction = 'prediction' in answer ? { prediction: answer.prediction } : {};
  return warnings.length === 0 && !('prediction' in answer) ? row : { ...row, ...prediction, warnings };
};

/** The answer for one row. */
export const toClassification = (row: HistoryRow): Classification => ({
  class: row.class ?? '',
  probabilities: row.probabilities === null ? null : { ...row.probabilities },
  model: { name: row.model, version: row.version },
  id: row.id,
  ...warningsOf(row),
});

const warningsOf = ({ warnings = [] }: HistoryRow) => (warnings.length === 0 ? {} : { warnings: [...warnings] });

/** What any model said of one row. */
export const toPrediction = (row: HistoryRow): PredictionItem => ({
  prediction: (row.prediction ?? null) as PredictionItem['prediction'],
  ...(row.probabilities === null ? {} : { probabilities: { ...row.probabilities } }),
  model: { name: row.model, version: row.version },
  id: row.id,
  ...warningsOf(row),
});

/** The same as JSON. What the history keeps is most of it already, unless that was too large to be kept. */
export const classificationJson = (row: HistoryRow): string => {
  const { output, model, version, id } = row;
  if (!output.startsWith('{"class":') || row.warnings !== undefined) return JSON.stringify(toClassification(row));
  return `${output.slice(0, -1)},"model":{"name":"${model}","version":${version}},"id":"${id}"}`;
};
