import type { Logger } from '@vindima/service-kit';
import type { InferenceQueries } from '../db/tables.ts';
import { firstIdAt } from './row.ts';

const rowsAtOnce = 5000;
const everyMs = 3_600_000;

/**
 * Removes what is older than a time, some rows at once, so that answers that are to be recorded do not wait long.
 *
 * @returns how many were removed
 */
export const pruneHistory = async (query: InferenceQueries, before: Date, signal: AbortSignal): Promise<number> => {
  const end = firstIdAt(before);
  let removed = 0;
  while (!signal.aborted) {
    const last = await query
      .selectFrom('classifications')
      .select('id')
      .where('id', '<', end)
      .orderBy('id')
      .limit(1)
      .offset(rowsAtOnce - 1)
      .executeTakeFirst();
    const bound = last === undefined ? end : last.id;
    const { numDeletedRows } = await query
      .deleteFrom('classifications')
      .where('id', last === undefined ? '<' : '<=', bound)
      .executeTakeFirst();
    removed += Number(numDeletedRows);
    if (last === undefined) break;
  }
  return removed;
};

/** Keeps the history as long as it is wanted, looking once an hour. */
export const startRetention = (
  query: InferenceQueries,
  /** How long rows are kept, in milliseconds. */
  keepMs: number,
  clock: () => Date,
  signal: AbortSignal,
  logger: Logger,
): { stop(): Promise<void> } => {
  let pruning: Promise<void> | undefined;
  const prune = async () => {
    try {
      const removed = await pruneHistory(query, new Date(clock().getTime() - keepMs), signal);
      if (removed > 0) logger.info({ removed }, 'old rows of the history were removed');
    } catch (error) {
      logger.warn({ err: error }, 'old rows of the history could not be removed');
    } finally {
      pruning = undefined;
    }
  };
  const begin = () => {
    pruning ??= prune();
  };
  const timer = setInterval(begin, everyMs);
  begin();
  return {
    stop: async () => {
      clearInterval(timer);
      await pruning;
    },
  };
};
