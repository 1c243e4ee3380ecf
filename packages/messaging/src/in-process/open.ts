import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Bus } from '../bus.ts';
import { createConsumers } from '../consumers.ts';
import { errorText } from '../error-text.ts';
import type { Logger } from '../logger.ts';
import { createRepeatedLog } from '../repeated-log.ts';
import { consumeSubject } from './consume.ts';
import type { InProcessContext } from './context.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createPublisher } from './publish.ts';
import { prune } from './retention.ts';
import { stillHas } from './still-has.ts';
import { openStorage } from './storage.ts';
import { tail } from './tail.ts';
import { createUnclaimed } from './unclaimed.ts';

export interface InProcessBusOptions {
  /** The SQLite file, made when it is missing, or `:memory:`. One process at a time. */
  readonly path: string;
  readonly logger: Logger;
}

const tidyEveryMs = 60_000;

/** The bus inside one process, durable in one SQLite file; all services of the process share it. */
export const openInProcessBus = async ({ path, logger }: InProcessBusOptions): Promise<Bus> => {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const storage = openStorage(path);
  const closing = new AbortController();
  const context: InProcessContext = {
    storage,
    logger,
    repeated: createRepeatedLog(logger),
    listeners: new Set(),
    closing: closing.signal,
  };
  const consumers = createConsumers((...of) => consumeSubject(context, ...of));
  const tidy = () => {
    try {
      prune(context, Date.now());
      storage.sync();
    } catch (error) {
      logger.error({ error: errorText(error) }, 'old messages could not be removed');
    }
  };
  tidy();
  const timer = setInterval(tidy, tidyEveryMs).unref();
  let closed: Promise<void> | undefined;
  const close = async () => {
    clearInterval(timer);
    closing.abort();
    await consumers.stop();
    // A publish of this turn is stored by the next; close behind it.
    await new Promise((resolve) => setImmediate(resolve));
    storage.close();
  };

  return {
    publish: createPublisher(context),
    syncIntervalMs: tidyEveryMs,
    stillHas: async (receipt, id) => stillHas(storage, receipt, id),
    consume: consumers.consume,
    tail: (options) => tail(context, options),
    deadLetters: createDeadLetters(context),
    unclaimed: createUnclaimed(context),
    advertise: async ({ name, version }) => logger.debug({ name, version }, 'in-process: nobody asks who is there'),
    check: async () => {
      storage.statement('SELECT 1').get();
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
