import type { BatchHandler, Bus, Consumer, ConsumerOptions } from './bus.ts';
import { withDefaults } from './limits.ts';
import { checkConsumerName, streamOf } from './subjects.ts';

/** Starts to consume one subject. */
type ConsumeSubject = (
  options: Required<ConsumerOptions>,
  subject: string,
  handler: BatchHandler,
) => Consumer | Promise<Consumer>;

/** The consumers of a bus: each is one for every subject of it, all of which begin or none, and all stop with the bus. */
export const createConsumers = (consumeSubject: ConsumeSubject): Pick<Bus, 'consume'> & Consumer => {
  const running = new Set<Consumer>();
  return {
    consume: async (given, handler) => {
      const options = withDefaults(given);
      checkConsumerName(options.name);
      for (const subject of options.subjects) streamOf(subject);
      const parts: Consumer[] = [];
      const consumer: Consumer = {
        stop: async () => {
          await Promise.all(parts.map((part) => part.stop()));
          running.delete(consumer);
        },
      };
      running.add(consumer);
      try {
        for (const subject of options.subjects) parts.push(await consumeSubject(options, subject, handler));
      } catch (error) {
        await consumer.stop();
        throw error;
      }
      return consumer;
    },
    stop: async () => {
      await Promise.all([...running].map((consumer) => consumer.stop()));
    },
  };
};
