import { Worker } from 'node:worker_threads';
import { packRows } from './pack-rows.ts';
import type { HistorySink } from './sink.ts';
import type { WriteAnswer, WriteRequest } from './sqlite-writer.ts';

/** Writes to a SQLite file through a connection in a thread of its own. */
export const createSqliteSink = (path: string): HistorySink => {
  const worker = new Worker(new URL('./sqlite-writer.ts', import.meta.url), { workerData: { path }, env: {} });
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let lastId = 0;
  let ended: Error | undefined;
  worker.on('message', ({ id, error }: WriteAnswer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve();
    else asked?.reject(new Error(`the history cannot be written: ${error}`));
  });
  const end = (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('error', end);
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      end(new Error('the thread that writes the history has ended'));
      resolve();
    });
  });
  return {
    write: (rows, untold) => {
      if (ended !== undefined) return Promise.reject(ended);
      const id = ++lastId;
      const answer = Promise.withResolvers<void>();
      waiting.set(id, answer);
      worker.postMessage({ id, rows: packRows(rows), untold } satisfies WriteRequest);
      return answer.promise;
    },
    close: async () => {
      worker.postMessage('close');
      await gone;
    },
  };
};
