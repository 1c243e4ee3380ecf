import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 60_000;

export interface ServerCommand {
  /** Where the server keeps everything; `server.pid` and `server.log` are written there. */
  readonly folder: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly isReady: () => Promise<boolean>;
}

/** A server of the tests as an operating system process; it can be started again after it ended. */
export class ServerProcess {
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();

  constructor(command: ServerCommand) {
    this.#command = command;
  }

  /** Starts the process and resolves when it is ready. */
  async start(): Promise<void> {
    const { folder, program, environment, isReady } = this.#command;
    const log = openSync(join(folder, 'server.log'), 'a');
    const child = spawn(program, this.#command.arguments, {
      cwd: folder,
      // Ctrl-C in the terminal is for the test runner, which stops its servers itself.
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...environment },
    });
    closeSync(log);
    let ended: string | undefined;
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        ended = error.message;
        resolve();
      });
      child.once('exit', (code, signal) => {
        ended ??= `ended with ${signal ?? code}`;
        resolve();
      });
    });
    child.unref();
    this.#child = child;
    if (child.pid !== undefined) writeFileSync(this.#pidFile, String(child.pid));
    const deadline = performance.now() + START_MS;
    while (!(await isReady())) {
      if (ended !== undefined || performance.now() > deadline) {
        await this.kill('SIGKILL');
        throw new Error(`${program} did not start (${ended ?? `${START_MS} ms`}):\n${this.#logTail()}`);
      }
      await delay(20);
    }
  }

  /** Sends a signal and resolves when the process is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    // Counted again: this process must not end before it has seen that one go.
    this.#child?.ref();
    this.#child?.kill(signal);
    this.#child = undefined;
    await this.#exited;
    rmSync(this.#pidFile, { force: true });
  }

  get #pidFile(): string {
    return join(this.#command.folder, 'server.pid');
  }

  #logTail(): string {
    return readFileSync(join(this.#command.folder, 'server.log'), 'utf8').slice(-2000);
  }
}
