import { commandSubjects, messageBySubject, nearestName } from '@vindima/contracts';
import type { Bus } from '@vindima/messaging';
import type { Logger } from '@vindima/service-kit';

/** So long somebody who knows a command that we do not may come and take it. */
const patienceMs = 10 * 60_000;
const lookEveryMs = 60_000;
/** Messages in one look, so that a flood is moved bit by bit. */
const atOnce = 1_000;
/** A subject is at most this long where it is compared: the comparison takes the square of it. */
const longestCompared = 100;

/**
 * Moves commands that no contract knows and no consumer takes to the dead letters, where somebody sees them; those of a known
 * service that is down stay. Several gateways may do so at once.
 *
 * @returns how many
 */
export const buryUnknownCommands = async (
  bus: Pick<Bus, 'unclaimed'>,
  logger: Pick<Logger, 'warn'>,
  now: Date,
): Promise<number> => {
  const before = new Date(now.getTime() - patienceMs);
  let moved = 0;
  for (const { subject } of await bus.unclaimed.list()) {
    if (messageBySubject(subject) !== undefined) continue;
    if (moved >= atOnce) break;
    const near = nearestName(subject.slice(0, longestCompared), commandSubjects);
    const hint = near === undefined ? 'GET /asyncapi.json lists those that there are' : `the nearest is ${near}`;
    const reason = `There is no command ${subject}, and nobody took it for ten minutes; ${hint}.`;
    const count = await bus.unclaimed.bury(subject, reason, { before, limit: atOnce - moved });
    moved += count;
    if (count > 0)
      logger.warn({ subject, count, nearest: near }, 'commands that nobody knows went to the dead letters');
  }
  return moved;
};

/** Looks once a minute. @returns what ends it */
export const watchUnknownCommands = (
  bus: Pick<Bus, 'unclaimed'>,
  logger: Logger,
  clock: () => Date,
): (() => Promise<void>) => {
  let looking: Promise<void> | undefined;
  const look = async () => {
    try {
      await buryUnknownCommands(bus, logger, clock());
    } catch (error) {
      logger.debug({ err: error }, 'could not look for commands that nobody knows');
    }
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, lookEveryMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
};
