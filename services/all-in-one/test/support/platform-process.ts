import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Every port is chosen by the system, so that tests run beside whatever listens. */
export const anyPorts = Object.fromEntries(
  ['GATEWAY', 'WINE', 'IMAGES', 'DATASETS', 'INFERENCE', 'PRICING', 'SANDBOX'].map((name) => [`${name}_PORT`, '0']),
);

/** The whole platform in a process of its own, as `npm start` has it; killed after the test. */
export const startPlatformProcess = (environment: Record<string, string>) => {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...anyPorts, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number);
  const until = async (read: () => string, text: string | RegExp) => {
    const found = () => (typeof text === 'string' ? read().includes(text) : text.test(read()));
    for (const deadline = Date.now() + 120_000; !found(); ) {
      if (Date.now() > deadline || child.exitCode !== null)
        throw new Error(`never said ${text}:\n${output}\n${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return read();
  };
  return {
    child,
    exited,
    /** Waits until it has said something on standard output. */
    says: (text: string | RegExp) => until(() => output, text),
    /** The same on standard error. */
    complains: (text: string | RegExp) => until(() => errors, text),
    output: () => output,
    errors: () => errors,
  };
};
