import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../../services/images/src/main.ts', import.meta.url));
const ticksPerSecond = 100;

export interface ImagesProcess {
  readonly url: string;
  /** Seconds of processor time that the process has used (0 where the system does not tell). */
  processorTime(): Promise<number>;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts the service as its own process, as it is deployed. */
export const startImages = async (folder: string, environment: Record<string, string>): Promise<ImagesProcess> => {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await isReady(url)); attempt++) {
    if (attempt > 600 || child.exitCode !== null) throw new Error('the service did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    // utime and stime, the fields 14 and 15 of proc_pid_stat(5); the name before them may hold blanks.
    processorTime: async () => {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => ') ');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

const isReady = async (url: string): Promise<boolean> => {
  const response = await fetch(`${url}/health/ready`).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok === true;
};
