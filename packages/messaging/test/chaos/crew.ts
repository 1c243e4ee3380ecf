import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromWorker, ToWorker } from './protocol.ts';

interface Worker {
  readonly child: ChildProcess;
  ready: boolean;
  wasReady: boolean;
  duplicates: number;
}

/** A number of worker processes; whoever dies is replaced. */
export interface Crew {
  /** Gives commands to a random worker, if one is ready. */
  publish(numbers: readonly number[]): boolean;
  /** Kills a random worker that is ready. */
  killOne(): void;
  readonly kills: number;
  readonly duplicates: number;
  stop(): Promise<void>;
}

export interface CrewOptions {
  readonly size: number;
  readonly address: string;
  readonly databaseUrl: string;
  readonly published: (n: number) => void;
  readonly died: (why: string) => void;
}

export const startCrew = (options: CrewOptions): Crew => {
  const workers = new Set<Worker>();
  let stopping = false;
  let kills = 0;
  let duplicates = 0;

  const hire = () => {
    if (stopping) return;
    const child = fork(join(import.meta.dirname, 'worker.ts'), [options.address, options.databaseUrl], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const worker: Worker = { child, ready: false, wasReady: false, duplicates: 0 };
    workers.add(worker);
    child.on('message', (message: FromWorker) => {
      if ('ready' in message) {
        worker.ready = true;
        worker.wasReady = true;
      } else if ('published' in message) options.published(message.published);
      else worker.duplicates = message.duplicates;
    });
    child.on('error', () => undefined); // told to a worker that has just died
    child.on('exit', (code, signal) => {
      workers.delete(worker);
      duplicates += worker.duplicates;
      // Whoever starts while a server is away may give up, and is started again; whoever works must not.
      if (signal !== 'SIGKILL' && worker.wasReady) options.died(`a worker ended with ${signal ?? code}`);
      setTimeout(hire, worker.wasReady ? 0 : 200);
    });
  };
  for (let index = 0; index < options.size; index += 1) hire();

  const anyone = (): Worker | undefined => {
    const ready = [...workers].filter((worker) => worker.ready && worker.child.connected);
    return ready[Math.floor(Math.random() * ready.length)];
  };

  return {
    publish: (numbers) => {
      const worker = anyone();
      worker?.child.send({ publish: numbers } satisfies ToWorker);
      return worker !== undefined;
    },
    killOne: () => {
      const worker = anyone();
      if (worker === undefined) return;
      worker.ready = false;
      worker.child.kill('SIGKILL');
      kills += 1;
    },
    get kills() {
      return kills;
    },
    get duplicates() {
      return [...workers].reduce((sum, worker) => sum + worker.duplicates, duplicates);
    },
    stop: async () => {
      stopping = true;
      await Promise.all(
        [...workers].map(async ({ child }) => {
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        }),
      );
    },
  };
};
