import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { Receipt } from '../bus.ts';
import type { NatsContext } from './context.ts';
import { decodeHeader } from './envelope.ts';

/** A stream that was made anew, or a server that was started again, is another one. */
export const incarnationOf = ({ streams, connection }: NatsContext, stream: Receipt['stream']): string =>
  `${streams.createdAt(stream)}/${connection.info?.server_id ?? ''}`;

/**
 * Asks the stream for the message at the place that was acknowledged. Where a stream's end has gone back, the place is empty or has
 * another message by now: its last sequence alone would not tell, as others publish too.
 */
export const stillHas = async (context: NatsContext, receipt: Receipt, id: string): Promise<boolean | undefined> => {
  const { streams, manager } = context;
  await streams.ensure();
  const incarnation = incarnationOf(context, receipt.stream);
  if (incarnation.split('/')[0] !== receipt.incarnation.split('/')[0]) return false;
  const name = streams.name(receipt.stream);
  const stored = await manager.streams.getMessage(name, { seq: receipt.sequence }).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null;
    throw error;
  });
  if (stored !== null) return decodeHeader(stored.header.get('ce-id')) === id;
  const { state } = await manager.streams.info(name);
  if (state.last_seq < receipt.sequence) return false;
  // Done with, and removed. The same server has been running ever since: nothing that it acknowledged can be gone.
  return incarnation === receipt.incarnation ? true : undefined;
};
