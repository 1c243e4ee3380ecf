import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { canStart, startNatsServer, type TestServer } from '@vindima/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, connectNatsBus, type Delivery } from '../src/index.ts';
import { parseNatsUrl } from '../src/nats/connection.ts';
import { decodeHeader, encodeHeader } from '../src/nats/envelope.ts';
import { quiet } from './quiet.ts';
import { until } from './until.ts';

describe.skipIf(!(await canStart('nats')))('what is special to NATS', () => {
  let server: TestServer;
  let bus: Bus;
  let person: NatsConnection;
  let streamPrefix: string;

  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(async () => {
    await server?.stop();
  });
  beforeEach(async () => {
    streamPrefix = `t${randomBytes(4).toString('hex')}`;
    bus = await connectNatsBus({ url: server.url, name: 'test', logger: quiet, streamPrefix });
    person = await connect({ servers: server.url });
  });
  afterEach(async () => {
    await bus.close();
    await person.close();
  });

  /** Takes every message; the first delivery of each fails when told so. */
  const collect = async (subject: string, failFirst = false): Promise<Delivery[]> => {
    const got: Delivery[] = [];
    await bus.consume({ name: 'one', subjects: [subject], backoffMs: [20], ackWaitMs: 1_000 }, async (deliveries) => {
      got.push(...deliveries);
      return deliveries.map(({ attempt }) =>
        failFirst && attempt === 1 ? { done: false, error: new Error('again') } : { done: true },
      );
    });
    return got;
  };
  const message = (subject: string, n: number) => ({
    id: `${subject}-${n}`,
    subject,
    type: 'test.message.v1',
    source: 'test',
    time: new Date().toISOString(),
    payload: { n },
  });

  it('fills in a message that a person published, with the same id at every delivery', async () => {
    person.publish(`${streamPrefix}.commands.wine.ingest`, '{"series":["production"]}');
    person.publish(`${streamPrefix}.commands.wine.ingest`, '{}');
    const got = await collect('commands.wine.ingest', true);
    await until(
      () => got.length,
      (length) => length === 4,
    );
    const [first, second] = [
      got.filter(({ sequence }) => sequence === 1),
      got.filter(({ sequence }) => sequence === 2),
    ];
    expect(first[0]).toMatchObject({ type: '', source: 'unknown', payload: { series: ['production'] } });
    expect(first[0]?.id).toMatch(/^t\w+_COMMANDS-\d{13}-1$/);
    expect(first.map(({ id }) => id)).toEqual([first[0]?.id, first[0]?.id]);
    expect(second.map(({ id }) => id)).toEqual([second[0]?.id, second[0]?.id]);
    expect(second[0]?.id).not.toBe(first[0]?.id);
    expect(Math.abs(Date.parse(first[0]?.time ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['', 'The body is empty, expected JSON'],
    ['{"series":', 'The body is not JSON'],
    [new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 'The body is not JSON'],
  ])('buries the body %j at once, and keeps it as it was for a replay', async (body, reason) => {
    const subject = 'commands.wine.ingest';
    const got = await collect(subject);
    person.publish(`${streamPrefix}.${subject}`, body);
    person.publish(`${streamPrefix}.${subject}`, '{}');
    const [letter] = await until(
      () => bus.deadLetters.list({ subject }),
      ({ length }) => length === 1,
    );
    expect(letter?.error).toContain(reason);
    expect(letter?.attempts).toBe(1);
    await until(
      () => got.length,
      (length) => length === 1,
    );
    await bus.deadLetters.replay(letter?.sequence ?? 0);
    const [again] = await until(
      () => bus.deadLetters.list({ subject }),
      (list) => list.some(({ sequence }) => sequence !== letter?.sequence),
    );
    expect(again?.message).toEqual(letter?.message);
  });

  it('reads hostile headers as text', async () => {
    const hostile = headers();
    hostile.set('ce-id', '%');
    hostile.set('ce-type', '%E2%82');
    hostile.set('traceparent', 'x'.repeat(3_000));
    person.publish(`${streamPrefix}.commands.wine.ingest`, '{}', { headers: hostile });
    const got = await collect('commands.wine.ingest');
    await until(
      () => got.length,
      (length) => length === 1,
    );
    expect(got[0]).toMatchObject({ id: '%', type: '%E2%82' });
  });

  it('writes CloudEvents headers that any client reads', async () => {
    const subscription = person.subscribe(`${streamPrefix}.events.wine.pressed`, { max: 1 });
    await person.flush();
    await bus.publish([{ ...message('events.wine.pressed', 1), source: 'vindima/"Kelter" №1' }]);
    for await (const received of subscription) {
      const header = (name: string) => received.headers?.get(name);
      expect(header('ce-specversion')).toBe('1.0');
      expect(header('ce-id')).toBe('events.wine.pressed-1');
      expect(header('Nats-Msg-Id')).toBe('events.wine.pressed-1');
      expect(header('ce-type')).toBe('test.message.v1');
      expect(header('ce-source')).toBe('vindima/%22Kelter%22%20%E2%84%961');
      expect(header('content-type')).toBe('application/json');
      expect(received.json()).toEqual({ n: 1 });
    }
  });

  it('gives up a message that ends whoever handles it', async () => {
    const subject = 'commands.wine.ingest';
    const manager = await jetstreamManager(person);
    const calls: number[] = [];
    const consumer = await bus.consume(
      { name: 'one', subjects: [subject], maximumDeliveries: 1, ackWaitMs: 200 },
      async ([delivery]) => {
        calls.push(delivery?.attempt ?? 0);
        return [{ done: true }];
      },
    );
    await consumer.stop();
    await bus.publish([message(subject, 1)]);
    // Five times somebody takes it and never answers.
    const durable = await manager.jetstream().consumers.get(`${streamPrefix}_COMMANDS`, 'one_commands_wine_ingest');
    for (const attempt of [1, 2, 3, 4, 5]) {
      expect((await durable.next({ expires: 5_000 }))?.info.deliveryCount).toBe(attempt);
    }
    await bus.consume(
      { name: 'one', subjects: [subject], maximumDeliveries: 1, ackWaitMs: 200 },
      async ([delivery]) => {
        calls.push(delivery?.attempt ?? 0);
        return [{ done: true }];
      },
    );
    const [letter] = await until(
      () => bus.deadLetters.list({ subject }),
      ({ length }) => length === 1,
    );
    expect(letter?.error).toContain('Delivered 5 times and never answered');
    expect(calls).toEqual([]);
  });

  it('goes on when its consumer, or its stream, has vanished', async () => {
    const subject = 'commands.wine.ingest';
    const stream = `${streamPrefix}_COMMANDS`;
    const manager = await jetstreamManager(person);
    const got = await collect(subject);
    // A message whose acknowledgement had not reached the broker would rightly come again, and is not what this is about.
    const arrives = async (n: number) => {
      await bus.publish([message(subject, n)]);
      await until(
        () => got.length,
        (length) => length === n,
      );
      await until(
        async () => (await manager.streams.info(stream)).state.messages,
        (messages) => messages === 0,
      );
    };
    await arrives(1);
    await manager.consumers.delete(stream, 'one_commands_wine_ingest');
    await arrives(2);
    await manager.streams.delete(stream);
    await arrives(3);
    expect(got.map(({ payload }) => payload)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('watches on through a restart of the broker, without gap or repetition', async () => {
    const watching = new AbortController();
    const seen: unknown[] = [];
    const tail = bus.tail({ subjects: ['events.wine.>'], signal: watching.signal });
    const watched = (async () => {
      for await (const { payload } of tail) seen.push(payload);
    })();
    await bus.publish([message('events.wine.pressed', 0), message('events.wine.pressed', 1)]);
    await until(
      () => seen.length,
      (length) => length === 2,
    );
    await server.restart('SIGKILL');
    await bus.publish([message('events.wine.pressed', 2), message('events.wine.pressed', 3)]);
    await until(
      () => seen.length,
      (length) => length === 4,
    );
    await delay(50);
    watching.abort();
    await watched;
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('answers who asks for services, as `nats micro ls` does', async () => {
    await bus.advertise({ name: 'wine', version: '1.2.3', description: 'Statistics of wine' });
    const [ping, info, stats] = await Promise.all(
      ['PING', 'INFO.wine', 'STATS.wine'].map(async (verb) =>
        (await person.request(`$SRV.${verb}`)).json<Record<string, unknown>>(),
      ),
    );
    expect(ping).toMatchObject({ type: 'io.nats.micro.v1.ping_response', name: 'wine', version: '1.2.3' });
    expect(info).toMatchObject({
      type: 'io.nats.micro.v1.info_response',
      description: 'Statistics of wine',
      endpoints: [],
    });
    expect(stats).toMatchObject({ type: 'io.nats.micro.v1.stats_response', id: ping?.id });
    expect((await person.request(`$SRV.PING.wine.${ping?.id}`)).json()).toEqual(ping);
  });

  it('leaves streams as they are that another replica made, and corrects what differs', async () => {
    const manager = await jetstreamManager(person);
    const name = `${streamPrefix}_EVENTS`;
    await manager.streams.update(name, { max_age: 3_600_000_000_000, max_bytes: 5_000_000 });
    const second = await connectNatsBus({ url: server.url, name: 'second', logger: quiet, streamPrefix });
    await second.close();
    const { config } = await manager.streams.info(name);
    expect(config.max_age).toBe(7 * 24 * 3600 * 1e9);
    expect(config.max_bytes).toBe(5_000_000);
  });

  it('takes no more commands than may wait, says so at once, and drops none of them', async () => {
    const manager = await jetstreamManager(person);
    const name = `${streamPrefix}_COMMANDS`;
    const { config } = await manager.streams.info(name);
    expect(config).toMatchObject({ discard: 'new', max_age: 0, max_msgs: 1_000_000 });
    expect(config.max_bytes).toBeGreaterThan(0);
    await manager.streams.update(name, { max_msgs: 3 });
    const subject = 'commands.wine.ingest';
    await bus.publish([1, 2, 3].map((n) => message(subject, n)));
    const before = Date.now();
    await expect(bus.publish([message(subject, 4)])).rejects.toMatchObject({ status: 503, code: 'messaging.full' });
    expect(Date.now() - before).toBeLessThan(5_000);
    // The operator's limit stays; a repeat of what is there is no new message.
    const second = await connectNatsBus({ url: server.url, name: 'second', logger: quiet, streamPrefix });
    await second.publish([message(subject, 3)]);
    await second.close();
    expect((await manager.streams.info(name)).config.max_msgs).toBe(3);
    const got = await collect(subject);
    await until(
      () => got.length,
      (length) => length === 3,
    );
    await until(
      async () => (await manager.streams.info(name)).state.messages,
      (messages) => messages === 0,
    );
    await bus.publish([message(subject, 4)]);
  });

  it('gives a stream of 0.1.0 its limits and loses nothing of it', async () => {
    const manager = await jetstreamManager(person);
    const old = `${streamPrefix}-old`;
    await manager.streams.add({ name: `${old}_COMMANDS`, subjects: [`${old}.commands.>`], retention: 'workqueue' });
    const client = manager.jetstream();
    for (const n of [1, 2, 3]) await client.publish(`${old}.commands.wine.ingest`, JSON.stringify({ n }));
    await (await connectNatsBus({ url: server.url, name: 'new', logger: quiet, streamPrefix: old })).close();
    const { config, state } = await manager.streams.info(`${old}_COMMANDS`);
    expect(config).toMatchObject({ discard: 'new', max_msgs: 1_000_000 });
    expect(state.messages).toBe(3);
  });

  it('says of a thousand dead letters that they are, not a thousand times', async () => {
    const said: string[] = [];
    const note = (_: object, text: string) => void said.push(text);
    const logger = { debug: () => undefined, info: () => undefined, warn: note, error: note };
    const loud = await connectNatsBus({ url: server.url, name: 'loud', logger, streamPrefix });
    await loud.publish(Array.from({ length: 200 }, (_, n) => message('commands.wine.ingest', n)));
    await loud.consume(
      { name: 'one', subjects: ['commands.wine.ingest'], batch: 50, backoffMs: [5], maximumDeliveries: 3 },
      async (deliveries) => deliveries.map(() => ({ done: false, error: new Error('no') })),
    );
    await until(
      async () => (await loud.deadLetters.list({ limit: 1_000 })).length,
      (length) => length === 200,
    );
    await loud.close();
    expect(said.sort()).toEqual(['a message failed and comes again', 'a message went to the dead letters']);
  });

  it('closes also while the broker is away', async () => {
    const own = await startNatsServer();
    const alone = await connectNatsBus({ url: own.url, name: 'test', logger: quiet });
    await alone.consume({ name: 'one', subjects: ['events.wine.pressed'] }, async () => []);
    await own.stop();
    await expect(alone.check()).rejects.toThrow('does not answer');
    await expect(alone.close()).resolves.toBeUndefined();
  });

  it('says which server it does not reach', async () => {
    const nowhere = connectNatsBus({ url: 'nats://secret@127.0.0.1:1', name: 'test', logger: quiet });
    await expect(nowhere).rejects.toMatchObject({
      status: 503,
      code: 'messaging.unavailable',
      message: expect.stringMatching(/^No NATS server at 127\.0\.0\.1:1: (?!.*secret)/),
    });
  });

  it.each([
    ['nats://host', { servers: ['host:4222'] }],
    ['nats://a:1, nats://b:2', { servers: ['a:1', 'b:2'] }],
    ['nats://user:p%40ss@host:1', { servers: ['host:1'], user: 'user', pass: 'p@ss' }],
    ['nats://t%2Fken@host', { servers: ['host:4222'], token: 't/ken' }],
    ['tls://host', { servers: ['host:4222'], tls: {} }],
  ])('reads the address %s', (url, options) => {
    expect(parseNatsUrl(url)).toEqual(options);
  });

  it.each(['', 'host:4222', 'http://host', 'nats://'])('refuses the address "%s"', (url) => {
    expect(() => parseNatsUrl(url)).toThrow(expect.objectContaining({ code: 'messaging.invalid_url' }));
  });

  it.each(['', ' a ', 'a%20b', '100 %', 'é\r\nx: y', '\u{1F377}', '\ud800'])('brings %j through a header', (text) => {
    expect(encodeHeader(text)).toMatch(/^[\x21-\x7e]*$/);
    expect(decodeHeader(encodeHeader(text))).toBe(text.toWellFormed());
  });
});
