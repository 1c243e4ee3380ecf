import { setImmediate as turn } from 'node:timers/promises';
import { type Classification, type HistoryItem, type InferenceSignature, ServiceError } from '@vindima/contracts';
import type { Recorder } from '../history/recorder.ts';
import { type HistoryRow, toHistoryRow } from '../history/row.ts';
import type { Registry } from '../registry/registry.ts';
import type { Lease } from '../runtime/shelf.ts';
import { concatenateAll } from '../tensors/rows.ts';
import type { Tensors } from '../tensors/tensor.ts';
import { type RowClass, readClasses } from './read-classes.ts';
import { createRowReader, type RowReader } from './read-row.ts';

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
  one(model: string, row: unknown, source: HistoryItem['source']): Promise<HistoryRow>;
  /** Classifies rows without remembering them: what is done with the result is the caller's. A bad row fails alone. */
  many(lease: Lease, rows: readonly unknown[], source: HistoryItem['source']): Promise<RowOutcome[]>;
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
  one: async (model, row, source) => {
    const lease = await registry.lease(model);
    try {
      const outputs = await lease.batcher.run(readerOf(lease.signature)(row), 1);
      const [answer] = readClasses(lease.signature, outputs);
      if (answer === undefined) throw new Error('a run of one row had no answer');
      const recorded = toRow(lease, row, answer, source);
      await recorder.record([recorded]);
      return recorded;
    } finally {
      lease.release();
    }
  },
  many: async (lease, rows, source) => {
    const outcomes = new Array<RowOutcome>(rows.length);
    const read = readerOf(lease.signature);
    const good: { readonly index: number; readonly feeds: Tensors }[] = [];
    let since = performance.now();
    for (const [index, row] of rows.entries()) {
      // Other requests are answered in between: there may be many rows, or large ones.
      if (performance.now() - since > longestTurnMs) {
        await turn();
        since = performance.now();
      }
      try {
        good.push({ index, feeds: read(row) });
      } catch (error) {
        outcomes[index] = { error: asServiceError(error) };
      }
    }
    const together = rowsTogether(lease.signature);
    for (let start = 0; start < good.length; start += together) {
      const part = good.slice(start, start + together);
      const results = await runPart(lease, part);
      for (const [place, { index }] of part.entries()) {
        const result = results[place];
        if (result === undefined) continue;
        outcomes[index] =
          result instanceof ServiceError ? { error: result } : { row: toRow(lease, rows[index], result, source) };
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
): Promise<readonly (RowClass | ServiceError)[]> => {
  try {
    const outputs = await lease.batcher.run(concatenateAll(part.map(({ feeds }) => feeds)), part.length);
    return readClasses(lease.signature, outputs);
  } catch (error) {
    const failure = asServiceError(error);
    // Overload is nobody's row's fault.
    if (failure.status === 429 || failure.status >= 500) throw failure;
    if (part.length === 1) return [failure];
    const alone: (RowClass | ServiceError)[] = [];
    for (const item of part) alone.push(...(await runPart(lease, [item])));
    return alone;
  }
};

const asServiceError = (error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  throw error;
};

const toRow = ({ ref }: Lease, input: unknown, answer: RowClass, source: HistoryItem['source']): HistoryRow =>
  toHistoryRow({
    model: ref,
    source,
    class: answer.class,
    probabilities: answer.probabilities,
    input: JSON.stringify(input) ?? 'null',
    output: JSON.stringify({ class: answer.class, probabilities: answer.probabilities }),
  });

/** The answer for one row. */
export const toClassification = (row: HistoryRow): Classification => ({
  class: row.class ?? '',
  probabilities: row.probabilities === null ? null : { ...row.probabilities },
  model: { name: row.model, version: row.version },
  id: row.id,
});

/** The same as JSON. What the history keeps is most of it already, unless that was too large to be kept. */
export const classificationJson = (row: HistoryRow): string => {
  const { output, model, version, id } = row;
  if (!output.startsWith('{"class":')) return JSON.stringify(toClassification(row));
  return `${output.slice(0, -1)},"model":{"name":"${model}","version":${version}},"id":"${id}"}`;
};
