import { isNoSpace } from '@vindima/contracts';

const isHarmless = (error: unknown): boolean =>
  isNoSpace(error) || (error instanceof Error && 'code' in error && error.code === 'EPIPE');

/**
 * The last word on errors that nobody has caught. A stream that could not write, as the disk is full or the reader has gone, costs what it had
 * to write; whoever waits for it is told by the call that failed. After anything else nothing can be relied on: the process says why and ends.
 *
 * @param end stops what runs, and the process with exit code 1
 */
export const handleUnhandled = (end: () => void): void => {
  const report = (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${isHarmless(error) ? 'could not write' : 'ends after an unexpected error'}: ${text}\n`);
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('uncaughtException', (error: unknown) => {
    report(error);
    if (!isHarmless(error)) end();
  });
};
