import { defineCommand, type PayloadOf } from '@vindima/contracts';
import { columnTypes, openDatabase } from '@vindima/database';
import {
  type Bus,
  connectNatsBus,
  createMessenger,
  type MessagingTables,
  messagingMigrations,
} from '@vindima/messaging';
import { Type } from 'typebox';
import type { Contender } from './contender.ts';

const say = (details: object, message: string) => console.error(message, details);
const logger = { debug: () => {}, info: () => {}, warn: say, error: say };

interface Tables extends MessagingTables {
  effects: { n: number };
}

/** The messenger: envelope, validation on both ends, inbox and effect in one MySQL transaction; with `outbox` also that. */
export const openOurs = async (natsUrl: string, mysqlUrl: string, outbox: boolean): Promise<Contender> => {
  const name = outbox ? 'outbox' : 'inbox';
  const work = defineCommand({
    service: `bench-${name}`,
    name: 'work',
    summary: 'Have an effect',
    payload: Type.Object({ n: Type.Integer() }),
  });
  const database = await openDatabase<Tables>({
    url: `${mysqlUrl}/bench_${name}`,
    service: 'bench',
    poolSize: 20,
    migrations: {
      ...messagingMigrations,
      '2026-11-21T14:00_effects': {
        up: async (query) => {
          const { integer } = columnTypes(query);
          await query.schema
            .createTable('effects')
            .addColumn('n', integer, (column) => column.primaryKey())
            .execute();
        },
      },
    },
  });
  const bus = await connectNatsBus({ url: natsUrl, name: 'bench', logger, streamPrefix: name });
  let recorded: (n: number) => void = () => {};
  // A batch is recorded when its handler, transaction included, has returned.
  const watched: Bus = {
    ...bus,
    consume: (options, handler) =>
      bus.consume(options, async (deliveries) => {
        const outcomes = await handler(deliveries);
        for (const { payload } of deliveries) recorded((payload as PayloadOf<typeof work>).n);
        return outcomes;
      }),
  };
  const messenger = createMessenger({ bus: watched, database, service: `bench-${name}`, logger });
  return {
    name: outbox ? 'outbox, inbox and effect on MySQL' : 'inbox and effect on MySQL',
    publish: async (n) => {
      if (outbox) await messenger.transaction((transaction) => messenger.send(transaction, work, { n }));
      else await messenger.publish(work, { n });
    },
    consume: async (done) => {
      recorded = done;
      await messenger.onBatch(
        work,
        async (messages, transaction) => {
          await transaction
            .insertInto('effects')
            .values(messages.map(({ payload }) => ({ n: payload.n })))
            .execute();
        },
        { batch: 250 },
      );
    },
    close: async () => {
      await messenger.close();
      await bus.close();
      await database.close();
    },
  };
};
