import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../../', import.meta.url);
const startMs = 60_000;

export interface Running {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/**
 * Starts a program of the repository as a process of its own, on `PORT` or else on a free port.
 *
 * @param ready a path that answers 200 when it can do its work
 */
export const start = async (program: string, environment: Record<string, string>, ready: string): Promise<Running> => {
  const port = environment.PORT ?? String(await freePort());
  const child = spawn(process.execPath, [fileURLToPath(new URL(program, root))], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error', ...environment, PORT: port },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  for (const deadline = Date.now() + startMs; ; ) {
    const answer = await fetch(`${url}${ready}`).catch(() => undefined);
    if (answer?.status === 200) return { url, process: child, stop };
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error(`${program} did not start`);
    }
    await sleep(100);
  }
};
