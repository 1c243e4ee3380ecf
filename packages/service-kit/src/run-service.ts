import { ServiceError } from '@vindima/contracts';
import { ConfigurationError, type Environment } from './config/environment.ts';
import type { Service } from './service.ts';
import { startService } from './start-service.ts';
import { handleUnhandled } from './unhandled.ts';

/** Something that runs until it is told to stop. */
interface Stoppable {
  stop(): Promise<void>;
}

/**
 * The whole of a process: starts, and stops on SIGINT or SIGTERM within ten seconds; a second signal ends it at once.
 * A start that fails says why in its last line on standard error, and ends with 1.
 */
export const runUntilSignal = async (start: () => Promise<Stoppable>): Promise<void> => {
  // What is written is for whoever runs it alone: among it are secrets.
  process.umask(0o077);
  let running: Stoppable | undefined;
  let signalled = false;
  const end = (code: number) => {
    signalled = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    if (running === undefined) process.exit(code);
    running.stop().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  const stop = () => {
    if (signalled) process.exit(130);
    end(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  handleUnhandled(() => {
    if (!signalled) end(1);
  });
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
};

/** Runs one service as a process of its own. */
export const runService = (service: Service, environment: Environment): Promise<void> =>
  runUntilSignal(() => startService(service, { environment }));

/** Which variable leads to what could not be opened, by the first part of an error's code. */
const variables: Readonly<Record<string, string>> = {
  database: 'DATABASE_URL',
  messaging: 'NATS_URL',
  object_store: 'OBJECT_STORE_URL',
};

/** What an operator can change is a line of its own; of a mistake of ours the stack goes before it. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigurationError) return error.message;
  const variable = error instanceof ServiceError ? variables[error.code.split('.')[0] ?? ''] : undefined;
  const reason = `Could not start${variable === undefined ? '' : ` (${variable})`}: ${error instanceof Error ? error.message || error.name : String(error)}`;
  if (error instanceof ServiceError) return reason;
  return error instanceof Error && error.stack !== undefined ? `${error.stack}\n${reason}` : reason;
};
