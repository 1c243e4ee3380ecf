import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The log of one run: JSON lines, one object per thing that happened. */
export interface RunLog {
  /** @param level as pino names them */
  write(level: 'info' | 'warn' | 'error', event: string, about?: Readonly<Record<string, unknown>>): void;
  /** Everything so far, for the object store. */
  text(): string;
  /** Resolves when the local file has everything. @throws when it could not be written */
  flush(): Promise<void>;
}

/** @param path of the local file; without it the log is in memory only */
export const createRunLog = (run: string, clock: () => Date, path?: string): RunLog => {
  let text = '';
  let writing: Promise<unknown> = path === undefined ? Promise.resolve() : mkdir(dirname(path), { recursive: true });
  // A failure is told by `flush`; until then it is no unhandled rejection.
  writing.catch(() => undefined);
  return {
    write(level, event, about = {}) {
      const line = `${JSON.stringify({ time: clock().toISOString(), level, run, event, ...about })}\n`;
      text += line;
      if (path === undefined) return;
      writing = writing.then(() => appendFile(path, line));
      writing.catch(() => undefined);
    },
    text: () => text,
    flush: async () => {
      await writing;
    },
  };
};
