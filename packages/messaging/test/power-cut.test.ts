import { randomBytes } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@vindima/database';
import { canStart, startNatsServer, type TestServer, temporaryFolder } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, connectNatsBus, createMessenger, type Messenger, openInProcessBus } from '../src/index.ts';
import { definitions, openEffects, type Tables } from './messenger.ts';
import { quiet } from './quiet.ts';
import { until } from './until.ts';

/** A broker whose disk can be put back to an earlier moment, as a power cut leaves it. */
interface CutBroker {
  open(): Promise<Bus>;
  /** Remembers the disk as it is. Every bus is closed, or survives it. */
  remember(): Promise<void>;
  /** Ends the broker and starts it with the disk as it was remembered. */
  cut(): Promise<void>;
  stop(): Promise<void>;
}

const natsBroker = async (): Promise<CutBroker> => {
  const server: TestServer = await startNatsServer();
  const store = join(server.folder, 'jetstream');
  const copy = join(server.folder, 'copy');
  return {
    open: () => connectNatsBus({ url: server.url, name: 'test', logger: quiet }),
    remember: async () => {
      await server.kill('SIGTERM');
      cpSync(store, copy, { recursive: true });
      await server.restart();
    },
    cut: async () => {
      await server.kill('SIGKILL');
      rmSync(store, { recursive: true });
      cpSync(copy, store, { recursive: true });
      await server.restart();
    },
    stop: () => server.stop(),
  };
};

const inProcessBroker = async (): Promise<CutBroker> => {
  const folder = temporaryFolder();
  const path = join(folder, 'bus', 'messages.db');
  return {
    open: () => openInProcessBus({ path, logger: quiet }),
    remember: async () => cpSync(join(folder, 'bus'), join(folder, 'copy'), { recursive: true }),
    cut: async () => {
      rmSync(join(folder, 'bus'), { recursive: true });
      cpSync(join(folder, 'copy'), join(folder, 'bus'), { recursive: true });
    },
    stop: async () => undefined,
  };
};

const brokers = [
  { kind: 'in-process', start: inProcessBroker },
  ...((await canStart('nats')) ? [{ kind: 'NATS', start: natsBroker }] : []),
];
const numbered = (letter: string, count = 20) => Array.from({ length: count }, (_, n) => `${letter}-${n}`);

describe.each(brokers)('after a power cut on $kind', ({ kind, start }) => {
  let broker: CutBroker;
  let database: Database<Tables>;
  let suite: string;
  const open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    broker = await start();
    suite = `cut-${randomBytes(4).toString('hex')}`;
    database = await openEffects(`sqlite:${join(temporaryFolder(), 'press.db')}`);
  });
  afterEach(async () => {
    await closeAll();
    await database.close();
    await broker.stop();
  });

  const closeAll = async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  };
  const openMessenger = async (bus?: Bus): Promise<Messenger<Tables>> => {
    const own = bus ?? (await broker.open());
    if (bus === undefined) open.push(own);
    const messenger = createMessenger({ bus: own, database, service: 'press', logger: quiet });
    open.push(messenger);
    return messenger;
  };
  /** Presses on command, and tells of it. */
  const press = async (messenger: Messenger<Tables>) => {
    const { press: command, pressed } = definitions(suite);
    await messenger.on(command, async ({ name }, { transaction, attempt }) => {
      await transaction.insertInto('effects').values({ effect: name, attempt }).execute();
      await messenger.send(transaction, pressed, { name });
    });
  };
  const order = async (messenger: Messenger<Tables>, names: readonly string[]) => {
    const { press: command } = definitions(suite);
    await messenger.transaction(async (transaction) => {
      for (const name of names) await messenger.send(transaction, command, { name });
    });
  };
  const effects = async () =>
    (await database.query.selectFrom('effects').select('effect').execute()).map(({ effect }) => effect);
  const unsent = async () => {
    const rows = database.query.selectFrom('outbox').select('sequence').where('sent_at', 'is', null);
    return (await rows.execute()).length;
  };
  const allPressed = async (count: number) => {
    await until(effects, ({ length }) => length >= count);
    expect(await until(unsent, (rows) => rows === 0)).toBe(0);
  };
  /** Somebody who was away all the time, and has heard nothing yet. */
  const latecomer = async (messenger: Messenger<Tables>) => {
    const heard: string[] = [];
    await messenger.on(
      definitions(suite).pressed,
      async ({ name }) => {
        heard.push(name);
      },
      { name: 'latecomer' },
    );
    return heard;
  };

  it('sends again what the broker acknowledged and lost, and nothing has a second effect', async () => {
    const messenger = await openMessenger();
    await press(messenger);
    await order(messenger, numbered('a'));
    await allPressed(20);
    await closeAll();
    await broker.remember();

    const second = await openMessenger();
    await press(second);
    await order(second, numbered('b'));
    await allPressed(40);
    await closeAll();
    await broker.cut();

    const third = await openMessenger();
    const heard = await latecomer(third);
    await press(third);
    const all = [...numbered('a'), ...numbered('b')].sort();
    await until(
      () => new Set(heard).size,
      (size) => size >= 40,
    );
    expect(await until(unsent, (rows) => rows === 0)).toBe(0);
    expect([...heard].sort()).toEqual(all);
    expect((await effects()).sort()).toEqual(all);
  });

  it.skipIf(kind === 'in-process')(
    'notices although others have filled the gap, while it goes on working',
    async () => {
      const messenger = await openMessenger();
      await press(messenger);
      await order(messenger, numbered('a'));
      await allPressed(20);
      await broker.remember();
      await order(messenger, numbered('b'));
      await allPressed(40);
      await broker.cut();

      // More than was lost, and nobody looks at the stream's end before they are there.
      const others = await broker.open();
      open.push(others);
      const time = new Date().toISOString();
      const subjects = ['events.others.spoke', 'commands.others.speak'];
      const filling = subjects.flatMap((subject) =>
        numbered('other', 200).map((id) => ({ id, subject, type: '', source: 'others', time, payload: {} })),
      );
      await others.publish(filling);
      await order(messenger, numbered('c', 1));

      const heard = await latecomer(await openMessenger(others));
      const all = [...numbered('a'), ...numbered('b'), ...numbered('c', 1)].sort();
      await until(
        () => new Set(heard).size,
        (size) => size >= 41,
      );
      expect([...heard].sort()).toEqual(all);
      expect((await effects()).sort()).toEqual(all);
    },
  );

  it('keeps what it has sent until the disk has it, and no longer', async () => {
    const bus = await broker.open();
    open.push(bus);
    const messenger = await openMessenger({ ...bus, syncIntervalMs: 1_000 });
    await order(messenger, numbered('a'));
    await until(unsent, (rows) => rows === 0);
    const kept = async () => (await database.query.selectFrom('outbox').select('sequence').execute()).length;
    expect(await kept()).toBe(20);
    const [first] = await database.query.selectFrom('outbox').select('sent_at').execute();
    expect(await until(kept, (rows) => rows === 0)).toBe(0);
    expect(Date.now() - Date.parse(first?.sent_at ?? '')).toBeGreaterThan(1_000);
  });
});
