import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Load, LoadResult } from './load.ts';

/** The client of the benchmark, in a process of its own: the same one for both sides. */
export const startLoad = () => {
  const child = fork(join(import.meta.dirname, 'load.ts'), { execArgv: [] });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load ended; what it says of it stands above');
  });
  // Heard where it matters, in a run.
  ended.catch(() => {});
  return {
    run: async (load: Load): Promise<LoadResult> => {
      child.send(load);
      const [result] = await Promise.race([once(child, 'message'), ended]);
      return result as LoadResult;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
};
export type RunningLoad = ReturnType<typeof startLoad>;
