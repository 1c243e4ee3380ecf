import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The repository's folder. */
export const root = join(import.meta.dirname, '../../../..');

/** @returns a port that nobody listened on a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** Starts a program of ours and waits until `url` answers. */
export const startProgram = async (
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  url: string,
): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
    try {
      if ((await fetch(url)).ok) return child;
    } catch {
      // It does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error(`${url} did not answer within a minute`);
};

export const stopProgram = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

/** Runs a measuring program of ours; @returns the JSON that it prints. */
export const measure = async <Result>(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Result> => {
  const options = { env: { ...process.env, ...environment } };
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, file), ...args], options);
  return JSON.parse(stdout) as Result;
};
