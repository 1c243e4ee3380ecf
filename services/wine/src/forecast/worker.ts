import { parentPort, workerData } from 'node:worker_threads';
import { type ForecastRow, forecastRows } from './forecast-rows.ts';

parentPort?.postMessage(forecastRows(workerData as readonly ForecastRow[]));
