import { AckPolicy, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { Contender } from './contender.ts';

/** The client library alone: a work queue, acknowledged publishes, explicit acks; no database, no envelope, no validation. */
export const openDirect = async (url: string): Promise<Contender> => {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  const client = manager.jetstream();
  await manager.streams.add({ name: 'DIRECT', subjects: ['direct.>'], retention: RetentionPolicy.Workqueue });
  await manager.consumers.add('DIRECT', { durable_name: 'direct', ack_policy: AckPolicy.Explicit });
  const consumer = await client.consumers.get('DIRECT', 'direct');
  let running: Promise<void> = Promise.resolve();
  let stop = () => {};
  return {
    name: 'client library alone',
    publish: async (n) => {
      await client.publish('direct.work', JSON.stringify({ n }), { msgID: `direct-${n}` });
    },
    consume: async (done) => {
      const messages = await consumer.consume({ max_messages: 500 });
      stop = () => messages.stop();
      running = (async () => {
        for await (const message of messages) {
          const { n } = message.json<{ n: number }>();
          message.ack();
          done(n);
        }
      })();
    },
    close: async () => {
      stop();
      await running;
      await connection.drain();
    },
  };
};
