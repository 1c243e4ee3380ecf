import { ServiceError } from '@vindima/contracts';
import type { Logger } from '@vindima/service-kit';
import type { HistoryRow } from './row.ts';
import type { HistorySink } from './sink.ts';
import { shownItems, summarise } from './summary.ts';

/** Remembers what was classified. */
export interface Recorder {
  /**
   * Resolves when the rows are in the database: only then may the answer go out.
   * @throws ServiceError 503 `inference.history_unavailable`, 429 `inference.busy`
   */
  record(rows: readonly HistoryRow[]): Promise<void>;
  /** Writes what is there and ends. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly sink: HistorySink;
  readonly logger: Logger;
  /** Rows that may wait to be written. */
  readonly maximumWaiting: number;
}

/**
 * Writes the rows of many answers in one transaction: while one group is being written, the next one gathers. Under load that is
 * a commit for a hundred answers; without load an answer waits for its own commit alone.
 */
export const createRecorder = ({ sink, logger, maximumWaiting }: RecorderOptions): Recorder => {
  let rows: HistoryRow[] = [];
  let group = Promise.withResolvers<void>();
  let writing: Promise<void> | undefined;
  let failing = false;
  let shown = 0;
  const refill = setInterval(() => {
    shown = 0;
  }, 1000).unref();

  const writeGroup = async () => {
    const [current, settled] = [rows, group];
    rows = [];
    group = Promise.withResolvers<void>();
    const untold = summarise(current, Math.max(0, shownItems - shown));
    shown += current.length;
    try {
      await sink.write(
        current,
        untold.map((summary) => JSON.stringify(summary)),
      );
      failing = false;
      settled.resolve();
    } catch (error) {
      if (!failing) logger.error({ err: error }, 'the history cannot be written; answers wait for it and fail');
      failing = true;
      settled.reject(
        new ServiceError(503, 'inference.history_unavailable', 'The answer could not be recorded; try again.', {
          cause: error,
          headers: { 'retry-after': '1' },
        }),
      );
    }
  };
  const writeAll = async () => {
    while (rows.length > 0) await writeGroup();
    writing = undefined;
  };

  return {
    record: (added) => {
      if (rows.length > 0 && rows.length + added.length > maximumWaiting) {
        return Promise.reject(
          new ServiceError(429, 'inference.busy', 'Too many answers wait to be recorded; try again later.', {
            headers: { 'retry-after': '1' },
          }),
        );
      }
      for (const row of added) rows.push(row);
      const { promise } = group;
      // Begun in a later turn, so that what else this turn brings is in the group.
      writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(writeAll);
      return promise;
    },
    close: async () => {
      clearInterval(refill);
      await writing;
      await sink.close();
    },
  };
};
