import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { ServiceError } from '@vindima/contracts';
import type { ConsumerOptions } from '../bus.ts';
import { streamOf } from '../subjects.ts';
import type { NatsContext } from './context.ts';

const alreadyThere = [10013, 10148]; // name in use, consumer already exists
const notUniqueOnWorkQueue = [10099, 10100]; // unfiltered, filtered

/** Neither part has an underscore, so two pairs never share a name. */
export const durableName = (consumer: string, subject: string): string => `${consumer}_${subject.replaceAll('.', '_')}`;

/**
 * The durable consumer of one subject, made or corrected. One subject each, since nats-server 2.9 knows no consumer of several, and
 * a work queue no two that overlap. How often a message is delivered is counted by the bus: the server would drop it silently.
 */
export const ensureDurable = async (
  context: NatsContext,
  options: Required<ConsumerOptions>,
  subject: string,
): Promise<Consumer> => {
  const stream = context.streams.name(streamOf(subject));
  const name = durableName(options.name, subject);
  const wanted: Partial<ConsumerConfig> = {
    durable_name: name,
    filter_subject: context.streams.outer(subject),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(options.ackWaitMs),
    max_ack_pending: 20_000,
    max_deliver: -1,
  };
  const { consumers } = context.manager;
  const found = await consumers.info(stream, name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) return undefined;
    throw error;
  });
  if (found === undefined) {
    await consumers.add(stream, wanted).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError)) throw error;
      if (notUniqueOnWorkQueue.includes(error.code)) {
        throw new ServiceError(
          409,
          'messaging.command_taken',
          `${subject} already has a consumer of another name than "${options.name}"; a command has exactly one`,
        );
      }
      if (!alreadyThere.includes(error.code)) throw error; // otherwise another process was faster
    });
  } else if (found.config.ack_wait !== wanted.ack_wait || found.config.max_ack_pending !== wanted.max_ack_pending) {
    await consumers.update(stream, name, {
      ack_wait: nanos(options.ackWaitMs),
      max_ack_pending: wanted.max_ack_pending ?? -1,
    });
  }
  return await context.client.consumers.get(stream, name);
};
