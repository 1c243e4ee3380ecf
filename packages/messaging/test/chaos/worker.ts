import { createMessenger } from '../../src/index.ts';
import { openBus } from '../messenger.ts';
import { quiet } from '../quiet.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { openChaosDatabase, work, worked } from './tables.ts';

// One of the processes that are killed: publishes the commands that it is told to, handles commands, hears events.
const [address = '', databaseUrl = ''] = process.argv.slice(2);
const tell = (message: FromWorker) => {
  // Gone parents are the guard's business.
  if (process.connected) process.send?.(message);
};

const database = await openChaosDatabase(databaseUrl);
const bus = await openBus(address);
const messenger = createMessenger({ bus, database, service: 'chaos', logger: quiet });
const options = { batch: 20, ackWaitMs: 2_000, backoffMs: [50, 200, 1_000] };
await messenger.on(
  work,
  async ({ n }, { transaction }) => {
    await transaction.insertInto('effects').values({ n }).execute();
    await messenger.send(transaction, worked, { n });
  },
  options,
);
await messenger.on(
  worked,
  async ({ n }, { transaction }) => {
    await transaction.insertInto('heard').values({ n }).execute();
  },
  options,
);

process.on('message', (message: ToWorker) => {
  for (const n of message.publish) {
    messenger.publish(work, { n }, { id: `chaos-${n}` }).then(
      () => tell({ published: n }),
      () => undefined, // not confirmed: it is given to somebody again
    );
  }
});
process.on('disconnect', () => process.exit());
setInterval(() => tell({ duplicates: messenger.statistics.duplicates }), 100);
tell({ ready: true });
