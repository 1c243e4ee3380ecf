import { ServiceError } from '@vindima/contracts';
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { TaggerFailure } from './imagga/tagger-failure.ts';
import type { Tagger } from './tagger.ts';

export interface BreakerTimes {
  /** How long a tagger that is down is left alone. */
  readonly outageMs: number;
  /** How long one whose quota is used up, or that does not know us. */
  readonly quotaMs: number;
  /** How long to wait before asking a busy one again. */
  readonly busyMs: number;
}

export const defaultBreakerTimes: BreakerTimes = { outageMs: 30_000, quotaMs: 15 * 60_000, busyMs: 1000 };

const isKind =
  (...kinds: readonly TaggerFailure['kind'][]) =>
  (error: unknown) =>
    error instanceof TaggerFailure && kinds.includes(error.kind);

/** Down, hanging or talking nonsense: our own judgement, or the client's of what never became an answer. */
const isOutage = (error: unknown): boolean =>
  isKind('outage')(error) || (error instanceof ServiceError && error.code.startsWith('upstream.'));

const leftAlone = (name: string, forMs: number, cause: Error): ServiceError =>
  new ServiceError(503, 'images.tagger_unavailable', `The tagger ${name} failed and is left alone for a while.`, {
    details: { tagger: name },
    headers: { 'retry-after': String(Math.max(1, Math.ceil(forMs / 1000))) },
    cause,
  });

/**
 * Keeps from asking a tagger that cannot answer: one refusal for want of quota opens the circuit for a quarter of an hour, three outages or
 * busy answers in a row for half a minute. A busy tagger is first asked once more, after the second that its documentation names.
 */
export const withCircuitBreaker = (tagger: Tagger, times: BreakerTimes = defaultBreakerTimes): Tagger => {
  const policy = wrap(
    circuitBreaker(handleWhen(isKind('quota', 'credentials')), {
      halfOpenAfter: times.quotaMs,
      breaker: new ConsecutiveBreaker(1),
    }),
    circuitBreaker(
      handleWhen((error) => isOutage(error) || isKind('busy')(error)),
      { halfOpenAfter: times.outageMs, breaker: new ConsecutiveBreaker(3) },
    ),
    retry(handleWhen(isKind('busy')), { maxAttempts: 1, backoff: new ConstantBackoff(times.busyMs) }),
  );
  /** On the clock of `performance.now()`. */
  let leftAloneUntil = 0;
  return {
    name: tagger.name,
    previewEdge: tagger.previewEdge,
    tag: async (picture, signal) => {
      try {
        return await policy.execute(() => tagger.tag(picture, signal), signal);
      } catch (error) {
        const now = performance.now();
        if (error instanceof BrokenCircuitError) throw leftAlone(tagger.name, leftAloneUntil - now, error);
        const forMs = isKind('quota', 'credentials')(error) ? times.quotaMs : times.outageMs;
        leftAloneUntil = Math.max(leftAloneUntil, now + forMs);
        throw error;
      }
    },
    close: () => tagger.close(),
  };
};
