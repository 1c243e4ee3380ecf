import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defineEvent } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import { databases, natsServer, temporaryFolder } from '@vindima/test-servers';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Bus,
  createTraceparent,
  currentTraceparent,
  type Delivery,
  type Messenger,
  maximumPayloadBytes,
  parseTraceparent,
} from '../src/index.ts';
import { pruneInbox } from '../src/messenger/inbox-retention.ts';
import { messagingTables } from '../src/messenger/tables.ts';
import { definitions, openBus, openEffects, openMessenger, type Tables } from './messenger.ts';
import { until } from './until.ts';

const nats = await natsServer();
const buses = [
  { kind: 'in-process', address: () => join(temporaryFolder(), 'messages.db') },
  ...(nats === undefined ? [] : [{ kind: 'NATS', address: () => nats }]),
];
const engines = await databases();
const combinations = buses.flatMap((bus) => engines.map((engine) => ({ ...bus, ...engine })));

describe.each(combinations)('the messenger on $kind and $dialect', ({ kind, address, create }) => {
  let busAddress: string;
  let databaseUrl: string;
  let drop: () => Promise<void>;
  let bus: Bus;
  let database: Database<Tables>;
  let messenger: Messenger<Tables>;
  let suite: string;

  beforeAll(async () => {
    ({ url: databaseUrl, drop } = await create());
    busAddress = address();
    bus = await openBus(busAddress);
  });
  beforeEach(async () => {
    suite = `press-${randomBytes(4).toString('hex')}`;
    database = await openEffects(databaseUrl);
    await database.query.deleteFrom('effects').execute();
    messenger = openMessenger(bus, database);
  });
  afterEach(async () => {
    await messenger.close();
    await database.close();
  });
  afterAll(async () => {
    await bus.close();
    await drop();
  });

  const effects = async () =>
    (await database.query.selectFrom('effects').select('effect').orderBy('effect').execute()).map(
      ({ effect }) => effect,
    );
  const outbox = () => database.query.selectFrom('outbox').selectAll().where('sent_at', 'is', null).execute();

  /** Presses grapes: an effect and an event per command. */
  const startPressing = (handled?: (name: string, attempt: number) => Promise<void> | void) => {
    const { press, pressed } = definitions(suite);
    return messenger.on(
      press,
      async ({ name }, { transaction, attempt }) => {
        await transaction.insertInto('effects').values({ effect: name, attempt }).execute();
        await messenger.send(transaction, pressed, { name });
        await handled?.(name, attempt);
      },
      { backoffMs: [20], maximumDeliveries: 4 },
    );
  };
  const listen = async () => {
    const heard: string[] = [];
    await messenger.on(definitions(suite).pressed, async ({ name }) => {
      heard.push(name);
    });
    return heard;
  };

  it('has one effect and one event per command', async () => {
    const { press } = definitions(suite);
    const names = Array.from({ length: 120 }, (_, n) => `grape-${String(n).padStart(3, '0')}`);
    const heard = await listen();
    await startPressing();
    await Promise.all(names.map((name) => messenger.publish(press, { name })));
    await until(
      () => heard.length,
      (length) => length >= 120,
    );
    expect(await effects()).toEqual(names);
    expect(heard.sort()).toEqual(names);
    expect(await until(outbox, ({ length }) => length === 0)).toEqual([]);
    expect(messenger.statistics).toMatchObject({ duplicates: 0, invalid: 0, relayed: 120 });
  });

  it('sends what was committed and nothing else', async () => {
    const { pressed } = definitions(suite);
    const heard = await listen();
    const failed = messenger.transaction(async (transaction) => {
      await messenger.send(transaction, pressed, { name: 'rolled back' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await messenger.transaction((transaction) => messenger.send(transaction, pressed, { name: 'first' }));
    // A transaction that the messenger did not begin.
    await database.transaction((transaction) => messenger.send(transaction, pressed, { name: 'second' }));
    await until(
      () => heard.length,
      (length) => length === 2,
    );
    await delay(50);
    expect(heard).toEqual(['first', 'second']);
  });

  it('sends in the order of writing', async () => {
    const { pressed } = definitions(suite);
    const names = Array.from({ length: 1_200 }, (_, n) => `n${n}`);
    const heard = await listen();
    await messenger.transaction(async (transaction) => {
      for (const name of names) await messenger.send(transaction, pressed, { name });
    });
    await until(
      () => heard.length,
      (length) => length >= 1_200,
    );
    expect(heard).toEqual(names);
  });

  it('keeps the effects of a handler that throws out, and tries again', async () => {
    const heard = await listen();
    await startPressing((name, attempt) => {
      if (name === 'sour' && attempt < 3) throw new Error('not ripe');
    });
    const { press } = definitions(suite);
    await Promise.all(['a', 'b', 'sour', 'c', 'd'].map((name) => messenger.publish(press, { name })));
    await until(
      () => heard.length,
      (length) => length >= 5,
    );
    expect(await effects()).toEqual(['a', 'b', 'c', 'd', 'sour']);
    expect(heard.sort()).toEqual(['a', 'b', 'c', 'd', 'sour']);
  });

  it('lets a poison message fail alone, and does it when it is replayed', async () => {
    let poisonous = true;
    const heard = await listen();
    await startPressing((name) => {
      if (name === 'poison' && poisonous) throw new Error('poison');
    });
    const { press } = definitions(suite);
    await Promise.all(['a', 'poison', 'b', 'c'].map((name) => messenger.publish(press, { name })));
    const letters = () => messenger.deadLetters.list({ subject: press.subject });
    const [letter] = await until(letters, ({ length }) => length === 1);
    expect(letter).toMatchObject({
      error: 'poison',
      attempts: 4,
      consumer: 'press',
      message: { payload: { name: 'poison' } },
    });
    await until(
      () => heard.length,
      (length) => length === 3,
    );
    expect(await effects()).toEqual(['a', 'b', 'c']);
    poisonous = false;
    await messenger.deadLetters.replay(letter?.sequence ?? 0);
    await until(
      () => heard.length,
      (length) => length === 4,
    );
    expect(await effects()).toEqual(['a', 'b', 'c', 'poison']);
  });

  it('has no second effect of an id that comes again, long after or in the same batch', async () => {
    const { press } = definitions(suite);
    const heard = await listen();
    // Another subject's window does not know the id: as if the broker's had passed.
    const again: Delivery[] = [];
    const consumer = await openMessenger(
      {
        ...bus,
        consume: (options, handler) =>
          bus.consume(options, (deliveries) => {
            again.push(...deliveries);
            return handler([...deliveries, ...again]).then((outcomes) => outcomes.slice(0, deliveries.length));
          }),
      },
      database,
    );
    try {
      await consumer.on(press, async ({ name }, { transaction }) => {
        await transaction.insertInto('effects').values({ effect: name, attempt: 1 }).execute();
        await messenger.send(transaction, definitions(suite).pressed, { name });
      });
      for (const name of ['a', 'b', 'c']) await messenger.publish(press, { name });
      await until(
        () => heard.length,
        (length) => length >= 3,
      );
      expect(await effects()).toEqual(['a', 'b', 'c']);
      expect(consumer.statistics.handled).toBe(3);
      expect(consumer.statistics.duplicates).toBeGreaterThanOrEqual(3);
    } finally {
      await consumer.close();
    }
  });

  it('tells ids apart that a database may take for equal', async () => {
    const { press } = definitions(suite);
    await startPressing();
    const long = suite.padEnd(127, 'i');
    const ids = [`${suite}-id`, `${suite}-ID`, `${suite}-id `, `${suite}-ïd`, `${long}i`, `${long}j`];
    for (const [n, id] of ids.entries()) await messenger.publish(press, { name: `n${n}` }, { id });
    expect(await until(effects, ({ length }) => length >= ids.length)).toEqual(ids.map((_, n) => `n${n}`));
  });

  it('refuses to send what does not fit, and says why', async () => {
    const { press } = definitions(suite);
    const wrong = { name: '' };
    await expect(messenger.publish(press, wrong)).rejects.toMatchObject({
      status: 500,
      code: 'messaging.invalid_payload',
      message: expect.stringMatching(/\/name must/),
    });
    const sent = messenger.transaction((transaction) => messenger.send(transaction, press, wrong));
    await expect(sent).rejects.toMatchObject({ code: 'messaging.invalid_payload' });
    await expect(messenger.publish(press, { name: 'a' }, { id: 'x'.repeat(129) })).rejects.toMatchObject({
      code: 'messaging.invalid_id',
    });
    expect(await outbox()).toEqual([]);
  });

  it('refuses what is too large in the transaction that would send it', async () => {
    const large = defineEvent({ service: suite, name: 'large', summary: 'Large', payload: Type.String() });
    const send = (length: number) =>
      messenger.transaction((transaction) => messenger.send(transaction, large, 'x'.repeat(length)));
    await expect(send(maximumPayloadBytes - 1)).rejects.toMatchObject({ status: 413, code: 'messaging.too_large' });
    let got = 0;
    await messenger.on(large, async (payload) => {
      got = payload.length;
    });
    await send(maximumPayloadBytes - 2);
    await until(
      () => got,
      (length) => length > 0,
    );
    expect(got).toBe(maximumPayloadBytes - 2);
  });

  it('buries at once what does not fit, and handles its neighbours', async () => {
    const { press } = definitions(suite);
    await startPressing();
    const message = (id: string, payload: unknown, type = press.type) => ({
      id: `${suite}-${id}`,
      subject: press.subject,
      type,
      source: 'elsewhere',
      time: new Date().toISOString(),
      payload,
    });
    await bus.publish([
      message('a', { name: 'a' }),
      message('b', { name: 7 }),
      message('c', { name: 'c' }, 'press.press.v9'),
      message('d', null),
      message('e', { name: 'by hand' }, ''),
    ]);
    const letters = await until(
      () => messenger.deadLetters.list({ subject: press.subject }),
      ({ length }) => length === 3,
    );
    expect(letters.map(({ error, attempts }) => `${attempts}: ${error}`)).toEqual([
      `1: The message does not fit ${press.type}: /name must be string`,
      `1: The message is a press.press.v9, not a ${press.type}`,
      `1: The message does not fit ${press.type}: the payload must be object`,
    ]);
    expect(await until(effects, ({ length }) => length === 2)).toEqual(['a', 'by hand']);
    expect(messenger.statistics.invalid).toBe(3);
  });

  it('hands a batch over at once, and one by one when it fails', async () => {
    const { press } = definitions(suite);
    const sizes: number[] = [];
    await bus.publish(
      ['a', 'b', 'poison', 'c'].map((name) => ({
        id: `${suite}-${name}`,
        subject: press.subject,
        type: press.type,
        source: 'test',
        time: new Date().toISOString(),
        payload: { name },
      })),
    );
    await messenger.onBatch(
      press,
      async (messages, transaction) => {
        sizes.push(messages.length);
        const rows = messages.map(({ payload, attempt }) => ({ effect: payload.name, attempt }));
        await transaction.insertInto('effects').values(rows).execute();
        if (messages.some(({ payload }) => payload.name === 'poison')) throw new Error('poison');
      },
      { maximumDeliveries: 1 },
    );
    await until(
      () => messenger.deadLetters.list({ subject: press.subject }),
      ({ length }) => length === 1,
    );
    expect(await until(effects, ({ length }) => length === 3)).toEqual(['a', 'b', 'c']);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(0);
  });

  it('carries the trace from a request to what its handlers send', async () => {
    const { press, pressed } = definitions(suite);
    const request = createTraceparent();
    const traces: (string | undefined)[] = [];
    await startPressing(() => {
      traces.push(currentTraceparent());
    });
    await messenger.on(pressed, async (_payload, { message }) => {
      traces.push(message.traceparent);
    });
    await messenger.publish(press, { name: 'a' }, { traceparent: request });
    await until(
      () => traces.length,
      (length) => length === 2,
    );
    const { traceId } = parseTraceparent(request) ?? {};
    expect(traces.map((trace) => parseTraceparent(trace)?.traceId)).toEqual([traceId, traceId]);
    expect(new Set([...traces, request]).size).toBe(3);
  });

  it('has one handler per message and name', async () => {
    const { pressed } = definitions(suite);
    const first = await messenger.on(pressed, async () => {});
    await expect(messenger.on(pressed, async () => {})).rejects.toMatchObject({ code: 'messaging.handled_twice' });
    await messenger.on(pressed, async () => {}, { name: 'second' });
    await first.stop();
    await messenger.on(pressed, async () => {});
  });

  it('forgets old rows of the inbox and keeps the young', async () => {
    const now = Date.now();
    const row = (n: number, age: number) => ({
      message_id: `${suite}-${n}`,
      consumer: suite,
      batch: 'b',
      received_at: new Date(now - age).toISOString(),
    });
    const day = 24 * 3_600_000;
    const rows = Array.from({ length: 2_500 }, (_, n) => row(n, n < 2_300 ? 8 * day + n + 1 : 7 * day));
    for (let start = 0; start < rows.length; start += 500) {
      await database.query
        .insertInto('inbox')
        .values(rows.slice(start, start + 500))
        .execute();
    }
    await pruneInbox(messagingTables(database.query), now, new AbortController().signal);
    const left = await database.query.selectFrom('inbox').select('message_id').where('consumer', '=', suite).execute();
    expect(left).toHaveLength(200);
  });

  it.each(['before-commit', 'before-ack', 'before-delete'])(
    'has the effect once when its process is killed %s',
    async (moment) => {
      const { press, pressed } = definitions(suite);
      const heard: string[] = [];
      await messenger.publish(press, { name: 'grape' });
      await messenger.close();
      await database.close();
      if (kind === 'in-process') await bus.close();
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'crash-child.ts'), busAddress, databaseUrl, suite, moment],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      const [, signal] = await once(child, 'exit');
      expect(signal).toBe('SIGKILL');
      if (kind === 'in-process') bus = await openBus(busAddress);
      database = await openEffects(databaseUrl);
      expect(await effects()).toEqual(moment === 'before-commit' ? [] : ['grape']);
      messenger = openMessenger(bus, database);
      await messenger.on(pressed, async ({ name }) => {
        heard.push(name);
      });
      await messenger.on(
        press,
        async ({ name }, { transaction, attempt }) => {
          await transaction.insertInto('effects').values({ effect: name, attempt }).execute();
          await messenger.send(transaction, pressed, { name }, { id: `${suite}-${name}` });
        },
        { ackWaitMs: 1_000 },
      );
      await until(
        () => heard.length,
        (length) => length >= 1,
      );
      if (moment === 'before-ack')
        await until(
          () => messenger.statistics.duplicates,
          (count) => count === 1,
        );
      await delay(100);
      expect(heard).toEqual(['grape']);
      expect(await effects()).toEqual(['grape']);
    },
  );
});
