import { ServiceError } from '@vindima/contracts';
import type { ConsumerOptions } from './bus.ts';

/** The default `max_payload` of a nats-server, headers included. */
const natsMaximumPayload = 1024 * 1024;

/** Left free below the broker's limit for the headers of a message, and once more for what a dead letter adds to them. */
export const headerAllowanceBytes = 4 * 1024;

/** The longest payload, in bytes of its JSON (UTF-8), that a bus takes: 1 MiB less 8 KiB. */
export const maximumPayloadBytes = natsMaximumPayload - 2 * headerAllowanceBytes;

/** Within this time a second publish of the same id is dropped by the bus itself; the inbox remembers longer. */
export const duplicateWindowMs = 2 * 60_000;

/** So many commands may wait; whoever publishes more gets a 503. Commands have no age: a service that is down finds all of them. */
export const maximumWaitingCommands = 1_000_000;
export const maximumWaitingBytes = 512 * 1024 * 1024;

export const eventRetentionMs = 7 * 24 * 3_600_000;
export const deadLetterRetentionMs = 30 * 24 * 3_600_000;

/** The error text of a dead letter is cut here, in characters. */
export const maximumErrorLength = 800;

const defaults = {
  batch: 1,
  ackWaitMs: 30_000,
  backoffMs: [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000],
  maximumDeliveries: 10,
};

/** @returns the options with everything filled in. */
export const withDefaults = (options: ConsumerOptions): Required<ConsumerOptions> => ({ ...defaults, ...options });

/**
 * Deliveries that nobody answered, because the process died, count less than failures: whoever is killed takes innocent messages along,
 * prefetched ones above all. Yet a message that kills every process that takes it must end.
 * @returns the attempt (from 1) from which on a message is not handed out any more
 */
export const givenUpAt = (maximumDeliveries: number): number => 5 * maximumDeliveries + 1;

/** @returns the reason of a dead letter that nobody ever answered. */
export const neverAnswered = (attempt: number): Error =>
  new Error(`Delivered ${attempt - 1} times and never answered: the process that handled it ended each time`);

/** @returns milliseconds to wait after the `attempt`-th delivery (from 1) failed. */
export const backoffDelay = (backoffMs: readonly number[], attempt: number): number =>
  backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 0;

export const tooLarge = (subject: string, bytes: number, limit: number): ServiceError =>
  new ServiceError(
    413,
    'messaging.too_large',
    `A message for ${subject} has a payload of ${bytes} bytes; the limit is ${limit} bytes. Put large content in the object store and send its key.`,
    { details: { subject, bytes, limit } },
  );
