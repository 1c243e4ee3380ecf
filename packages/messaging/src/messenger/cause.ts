import { AsyncLocalStorage } from 'node:async_hooks';

/** What is being worked for: it goes on to the jobs that are started, and to the messages that are sent. */
export interface Cause {
  /** The id of the command that is being handled. */
  readonly commandId?: string;
  /** What its sender calls the matter. */
  readonly reference?: string;
}

/** Of more characters than this it is not kept. */
export const longestReference = 200;

const storage = new AsyncLocalStorage<Cause>();

/** Runs `work` for a cause, however deep. */
export const withCause = <Result>(cause: Cause, work: () => Result): Result => storage.run(cause, work);

/** @returns what `withCause` set around the caller. */
export const currentCause = (): Cause | undefined => storage.getStore();
