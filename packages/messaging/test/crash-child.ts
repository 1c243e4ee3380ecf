import { definitions, openBus, openEffects, openMessenger } from './messenger.ts';

// A process that is killed, for real, at the worst moment: `before-commit`, or `before-ack`, between the commit of the effects
// and the acknowledgement; or `before-delete`, when the relay has published and not yet noted that.
const [address = '', databaseUrl = '', suite = '', moment = ''] = process.argv.slice(2);
const { press, pressed } = definitions(suite);
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('not reached');
};

const bus = await openBus(address);
const database = await openEffects(databaseUrl);
const messenger = openMessenger(
  {
    ...bus,
    publish: async (messages) => {
      const receipts = await bus.publish(messages);
      return moment === 'before-delete' ? die() : receipts;
    },
    consume: (options, handler) =>
      bus.consume(options, async (deliveries) => {
        const outcomes = await handler(deliveries);
        return moment === 'before-ack' ? die() : outcomes;
      }),
  },
  database,
);
await messenger.on(
  press,
  async ({ name }, { transaction, attempt }) => {
    await transaction.insertInto('effects').values({ effect: name, attempt }).execute();
    await messenger.send(transaction, pressed, { name }, { id: `${suite}-${name}` });
    if (moment === 'before-commit') die();
  },
  { ackWaitMs: 1_000 },
);
