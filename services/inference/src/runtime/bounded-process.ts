import { type ChildProcess, fork } from 'node:child_process';
import { quietRuntime } from '@vindima/onnx';

/**
 * Starts Node.js with a bound on its memory, and nothing of this process's environment. V8 has a bound of its own, the runtime has none:
 * a file of a hundred bytes can ask for a tensor of a terabyte, and then the kernel would choose what to kill. On Linux the shell's
 * `ulimit -d` bounds all of it.
 *
 * The process ends with this one, and does not keep it from ending.
 */
export const startBoundedProcess = (entry: URL, bytes: number): ChildProcess => {
  const started = fork(entry, [], {
    env: quietRuntime(),
    serialization: 'advanced',
    ...bounded(bytes),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  started.unref();
  started.channel?.unref();
  return started;
};

const bounded = (bytes: number): { execPath: string; execArgv: string[] } => {
  const options = [`--max-old-space-size=${Math.ceil(bytes / 2 ** 20)}`];
  if (process.platform !== 'linux') return { execPath: process.execPath, execArgv: options };
  const limit = `ulimit -d ${Math.ceil(bytes / 1024)}; exec "$0" "$@"`;
  return { execPath: '/bin/sh', execArgv: ['-c', limit, process.execPath, ...options] };
};

/** Ends a process and waits until it is gone. */
export const endProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  child.kill('SIGKILL');
  await gone;
};
