import type { Logger } from '../logger.ts';
import type { RepeatedLog } from '../repeated-log.ts';
import type { Storage } from './storage.ts';

/** What every part of the in-process bus works with. */
export interface InProcessContext {
  readonly storage: Storage;
  readonly logger: Logger;
  /** Of what may be said of thousands of messages. */
  readonly repeated: RepeatedLog;
  /** Called when something was published on a subject. */
  readonly listeners: Set<(subjects: ReadonlySet<string>) => void>;
  readonly closing: AbortSignal;
}

/** Tells consumers and watchers; nobody polls. */
export const announce = (context: InProcessContext, subjects: ReadonlySet<string>): void => {
  for (const listener of context.listeners) listener(subjects);
};
