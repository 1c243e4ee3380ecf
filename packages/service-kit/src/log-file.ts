import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of log lines that is bounded in size, and never in anybody's way. */
export interface LogFile {
  write(line: string): void;
  /** Writes what waits, as far as that goes. */
  close(): Promise<void>;
}

export interface LogFileOptions {
  readonly path: string;
  /** Of one file. Default 16 MiB. */
  readonly maximumBytes?: number;
  /** The file itself and those before it: `vindima.log`, `vindima.log.1`, ... Default 5. */
  readonly files?: number;
  /** When writing is tried again. Default 1 s. */
  readonly retryMs?: number;
}

/** Of lines that wait for the disk. */
const mostWaiting = 4 * 1024 * 1024;

/**
 * Appends lines to a file, which becomes `<path>.1` when it is large, and so on; the oldest is overwritten. A disk that takes nothing costs
 * lines, whose number is told when it takes some again, and nothing else: the streams of log libraries end the process then (pino, pino-roll) or
 * hold everything in memory (rotating-file-stream).
 */
export const openLogFile = (options: LogFileOptions): LogFile => {
  const { path, maximumBytes = 16 * 2 ** 20, files = 5, retryMs = 1_000 } = options;
  const waiting: string[] = [];
  let waitingLength = 0;
  let lost = 0;
  let file: FileHandle | undefined;
  let size = 0;
  /** What is on its way to the disk. */
  let rest: Buffer = Buffer.alloc(0);
  let running = false;
  let closed = false;
  let writing: Promise<void> = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;

  const openFile = async () => {
    await mkdir(dirname(path), { recursive: true });
    const opened = await open(path, 'a', 0o600);
    size = (await opened.stat()).size;
    file = opened;
    return opened;
  };
  const rotate = async () => {
    const full = file;
    file = undefined;
    await full?.close();
    for (let age = files - 1; age >= 1; age -= 1) {
      await rename(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      });
    }
  };
  /** @returns the next lines, as many as a file may have */
  const take = () => {
    let count = 0;
    let length = 0;
    for (const line of waiting) {
      if (count > 0 && length + line.length > maximumBytes) break;
      count += 1;
      length += line.length;
    }
    const lines = waiting.splice(0, count);
    waitingLength = Math.max(0, waitingLength - length);
    return Buffer.from(lines.join(''));
  };
  const tellLost = () => {
    if (lost === 0) return;
    waiting.push(`${JSON.stringify({ level: 40, time: new Date(), msg: `${lost} lines of the log were lost` })}\n`);
    lost = 0;
  };
  const writeRest = async () => {
    while (rest.length > 0 || waiting.length > 0) {
      if (rest.length === 0) rest = take();
      let target = file ?? (await openFile());
      if (size > 0 && size + rest.length > maximumBytes) {
        await rotate();
        target = await openFile();
      }
      const { bytesWritten } = await target.write(rest);
      size += bytesWritten;
      rest = rest.subarray(bytesWritten);
      tellLost();
    }
  };
  const run = () => {
    if (running || closed) return;
    running = true;
    writing = writeRest().then(
      () => {
        running = false;
      },
      () => {
        retry = setTimeout(() => {
          running = false;
          run();
        }, retryMs).unref();
      },
    );
  };

  return {
    write: (line) => {
      if (waitingLength + line.length > mostWaiting) lost += 1;
      else {
        waiting.push(line);
        waitingLength += line.length;
      }
      run();
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await writing;
      // What cannot be written now is lost: there is no place left to say so.
      await writeRest().catch(() => {});
      await file?.close();
    },
  };
};
