import { Worker } from 'node:worker_threads';
import type { ForecastRow, RowForecast } from './forecast-rows.ts';

/** Forecasts rows in a thread of its own: it takes seconds, in which nobody shall wait. */
export const forecastInWorker = (rows: readonly ForecastRow[], signal: AbortSignal): Promise<readonly RowForecast[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: rows });
    const stop = () => {
      void worker.terminate();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    const settled = () => signal.removeEventListener('abort', stop);
    worker.once('message', (forecasts: readonly RowForecast[]) => {
      settled();
      resolve(forecasts);
    });
    worker.once('error', (error) => {
      settled();
      reject(error);
    });
    worker.once('exit', (code) => {
      settled();
      reject(new Error(`The forecasting thread ended with code ${code} and without an answer.`));
    });
  });
