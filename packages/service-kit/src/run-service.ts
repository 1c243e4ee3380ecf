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
 * A mistake of configuration is one line on standard error and exit code 1.
 */
export const runUntilSignal = async (start: () => Promise<Stoppable>): Promise<void> => {
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
    process.stderr.write(`${error instanceof ConfigurationError ? error.message : explain(error)}\n`);
    process.exit(1);
  }
};

/** Runs one service as a process of its own. */
export const runService = (service: Service, environment: Environment): Promise<void> =>
  runUntilSignal(() => startService(service, { environment }));

const explain = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
