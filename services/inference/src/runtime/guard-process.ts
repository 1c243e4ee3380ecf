import { Worker } from 'node:worker_threads';

/** Ends this process when the one that started it is gone, also while a model keeps its own thread busy. */
export const guardProcess = (): void => {
  new Worker(new URL('./guard.ts', import.meta.url), {
    workerData: { parent: process.ppid },
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  }).unref();
};
