import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import type { Logger } from '../logger.ts';
import type { JobDefinition } from './jobs.ts';
import type { JobTables } from './table.ts';

type Definition = JobDefinition<never, JobTables>;

/** The platform's own servers, when they cannot be reached. */
const away = new Set([
  'database.connection_lost',
  'database.unreachable',
  'messaging.unavailable',
  'object_store.unavailable',
]);
/** A server that is started again is there within these pauses, also where there is little CPU. */
const pausesMs = [1_000, 3_000, 8_000, 15_000];

/**
 * A job whose server is away for a moment does not fail for it: its work is begun again after a pause, as it is after a death of
 * its process. The lease is kept meanwhile.
 */
export const waitForServers = (definition: Definition, logger: Logger, pauses = pausesMs): Definition => ({
  ...definition,
  run: async (context) => {
    // As after a death of the process, it looks for what the attempt before has left done.
    const attempt = (index: number) => definition.run({ ...context, attempt: context.attempt + index });
    for (const [index, pauseMs] of pauses.entries()) {
      try {
        return await attempt(index);
      } catch (error) {
        if (!(error instanceof ServiceError && away.has(error.code)) || context.signal.aborted) throw error;
        logger.warn({ job: context.id, code: error.code, pauseMs }, 'a job waits for a server that is away');
        await sleep(pauseMs, undefined, { signal: context.signal });
      }
    }
    return attempt(pauses.length);
  },
});
