import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BatchHandler,
  type Bus,
  type Consumer,
  type Delivery,
  type Message,
  maximumPayloadBytes,
} from '../src/index.ts';
import type { TestBroker } from './broker.ts';
import { until } from './until.ts';

const numbered = (subject: string, n: number, payload: unknown = { n }): Message => ({
  id: `${subject}-${n}`,
  subject,
  type: 'test.message.v1',
  source: 'vindima/test, "Übung"',
  time: '2026-11-21T12:00:00.000Z',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  payload,
});

const several = (subject: string, count: number): Message[] =>
  Array.from({ length: count }, (_, n) => numbered(subject, n));

const numberOf = (delivery: Delivery): number => (delivery.payload as { n: number }).n;

/** A handler that notes the number of every message, after `work`. */
const noting =
  (into: number[], work: (delivery: Delivery) => Promise<void> | void = () => undefined): BatchHandler =>
  async (deliveries) => {
    for (const delivery of deliveries) {
      await work(delivery);
      into.push(numberOf(delivery));
    }
    return deliveries.map(() => ({ done: true }));
  };

/** What every bus promises. The same cases for all of them. */
export const describeBus = (name: string, start: () => Promise<TestBroker>): void => {
  describe(name, () => {
    let broker: TestBroker;
    let bus: Bus;
    const consumers: Consumer[] = [];

    beforeAll(async () => {
      broker = await start();
      bus = await broker.open();
    });
    afterAll(async () => {
      await broker?.stop();
    });

    const command = () => `commands.test.${randomBytes(6).toString('hex')}`;
    const event = () => `events.test.${randomBytes(6).toString('hex')}`;
    const consume = async (subject: string, handler: BatchHandler, options = {}) => {
      const consumer = await bus.consume({ name: 'one', subjects: [subject], backoffMs: [20], ...options }, handler);
      consumers.push(consumer);
      return consumer;
    };
    const failing: BatchHandler = async () => {
      throw new Error('it cannot\nbe done: ½ € 葡萄酒');
    };
    const deadLettersOf = (subject: string) => bus.deadLetters.list({ subject });

    it('delivers what was published before the consumer came, and after, in order and whole', async () => {
      const subject = command();
      const got: Delivery[] = [];
      await bus.publish(several(subject, 150));
      await consume(
        subject,
        async (deliveries) => {
          got.push(...deliveries);
          return deliveries.map(() => ({ done: true }));
        },
        { batch: 20 },
      );
      await bus.publish([numbered(subject, 150), numbered(subject, 151)]);
      await until(
        () => got.length,
        (length) => length === 152,
      );
      expect(got.map(numberOf)).toEqual(Array.from({ length: 152 }, (_, n) => n));
      const { sequence, attempt, signal, ...message } = got[7] as Delivery;
      expect(message).toEqual(numbered(subject, 7));
      expect({ attempt, aborted: signal.aborted }).toEqual({ attempt: 1, aborted: false });
      expect(sequence).toBeGreaterThan(got[6]?.sequence ?? Number.NaN);
    });

    it('hands over batches no larger than asked for', async () => {
      const subject = command();
      const sizes: number[] = [];
      await bus.publish(several(subject, 50));
      await consume(
        subject,
        async (deliveries) => {
          sizes.push(deliveries.length);
          await delay(1);
          return deliveries.map(() => ({ done: true }));
        },
        { batch: 8 },
      );
      await until(
        () => sizes.reduce((sum, size) => sum + size, 0),
        (sum) => sum === 50,
      );
      expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
      expect(sizes.length).toBeLessThan(50);
    });

    it('delivers again what failed, with a growing attempt and after the backoff', async () => {
      const subject = command();
      const seen: { attempt: number; at: number }[] = [];
      await bus.publish([numbered(subject, 1)]);
      await consume(
        subject,
        async ([delivery]) => {
          seen.push({ attempt: delivery?.attempt ?? 0, at: Date.now() });
          return [seen.length < 3 ? { done: false, error: new Error('not yet') } : { done: true }];
        },
        { backoffMs: [60, 200] },
      );
      await until(
        () => seen.length,
        (length) => length === 3,
      );
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [first = 0, second = 0, third = 0] = seen.map(({ at }) => at);
      // Never sooner than told; a little is allowed for clocks.
      expect(second - first).toBeGreaterThanOrEqual(55);
      expect(third - second).toBeGreaterThanOrEqual(195);
      expect(await deadLettersOf(subject)).toEqual([]);
    });

    it('lets the others pass while a poison message fails, and buries it with the reason', async () => {
      const subject = command();
      const got: number[] = [];
      await bus.publish(several(subject, 10));
      await consume(
        subject,
        async (deliveries) =>
          deliveries.map((delivery) => {
            if (numberOf(delivery) === 4) return { done: false, error: new Error('it cannot\nbe done: ½ € 葡萄酒') };
            got.push(numberOf(delivery));
            return { done: true };
          }),
        { batch: 3, maximumDeliveries: 3 },
      );
      const [letter, ...others] = await until(
        () => deadLettersOf(subject),
        ({ length }) => length > 0,
      );
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ consumer: 'one', attempts: 3, error: 'it cannot be done: ½ € 葡萄酒' });
      expect(letter?.message).toEqual(numbered(subject, 4));
      expect(Date.parse(letter?.lastFailedAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(letter?.firstFailedAt ?? '') + 20,
      );
      expect(got.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
    });

    it('buries at once what can never succeed', async () => {
      const subject = command();
      let deliveries = 0;
      await bus.publish([numbered(subject, 1)]);
      await consume(subject, async () => {
        deliveries += 1;
        return [{ done: false, dead: true, error: new Error('nonsense') }];
      });
      await until(
        () => deadLettersOf(subject),
        ({ length }) => length === 1,
      );
      expect(deliveries).toBe(1);
    });

    it('bounds what it says of an endless error', async () => {
      const subject = command();
      await bus.publish([numbered(subject, 1, 'x'.repeat(maximumPayloadBytes - 2))]);
      await consume(subject, async () => [{ done: false, dead: true, error: new Error('€'.repeat(100_000)) }]);
      const [letter] = await until(
        () => deadLettersOf(subject),
        ({ length }) => length === 1,
      );
      expect(letter?.error).toMatch(/^€{100,800}$/);
      expect(letter?.message.payload).toHaveLength(maximumPayloadBytes - 2);
    });

    it('replays a dead letter, once and for the consumer that failed alone', async () => {
      const subject = event();
      const other: number[] = [];
      const repaired: number[] = [];
      const broken = await consume(subject, failing, { maximumDeliveries: 1 });
      await consume(subject, noting(other), { name: 'two' });
      await bus.publish([numbered(subject, 1)]);
      const [letter] = await until(
        () => deadLettersOf(subject),
        ({ length }) => length === 1,
      );
      await broken.stop();
      await consume(subject, noting(repaired));
      await bus.deadLetters.replay(letter?.sequence ?? 0);
      await bus.publish([numbered(subject, 2)]);
      await until(
        () => [...repaired, ...other],
        ({ length }) => length === 4,
      );
      expect({ repaired, other }).toEqual({ repaired: [1, 2], other: [1, 2] });
      expect(await deadLettersOf(subject)).toEqual([]);
      await expect(bus.deadLetters.replay(letter?.sequence ?? 0)).rejects.toMatchObject({
        status: 404,
        code: 'messaging.unknown_dead_letter',
      });
    });

    it('buries a replayed message anew when it fails anew', async () => {
      const subject = command();
      await consume(subject, failing, { maximumDeliveries: 2 });
      await bus.publish([numbered(subject, 1)]);
      const [first] = await until(
        () => deadLettersOf(subject),
        ({ length }) => length === 1,
      );
      await bus.deadLetters.replay(first?.sequence ?? 0);
      const [second] = await until(
        () => deadLettersOf(subject),
        (list) => list.length === 1 && list[0]?.sequence !== first?.sequence,
      );
      expect(second?.message).toEqual(first?.message);
    });

    it('discards a dead letter, and pages through them', async () => {
      const subject = command();
      await consume(subject, failing, { maximumDeliveries: 1 });
      await bus.publish(several(subject, 5));
      const all = await until(
        () => deadLettersOf(subject),
        ({ length }) => length === 5,
      );
      const [first, second, third] = all.map(({ sequence }) => sequence);
      await bus.deadLetters.discard(second ?? 0);
      const page = await bus.deadLetters.list({ subject, after: first ?? 0, limit: 2 });
      expect(page.map(({ sequence }) => sequence)).toEqual([third, all[3]?.sequence]);
      await expect(bus.deadLetters.discard(second ?? 0)).rejects.toMatchObject({ status: 404 });
      await expect(bus.deadLetters.discard(-1)).rejects.toMatchObject({ status: 404 });
    });

    it('drops a second publish of the same id', async () => {
      const subject = command();
      const got: number[] = [];
      await bus.publish([numbered(subject, 1), numbered(subject, 1), numbered(subject, 2)]);
      await bus.publish([numbered(subject, 1), numbered(subject, 3)]);
      await consume(subject, noting(got));
      await until(
        () => got.length,
        (length) => length >= 3,
      );
      await delay(100);
      expect(got).toEqual([1, 2, 3]);
    });

    it('does not deliver twice at once what outlives the ack wait', async () => {
      const subject = command();
      const second = await broker.open();
      const events: string[] = [];
      const slow: BatchHandler = async ([delivery]) => {
        events.push(`begin ${delivery?.attempt}`);
        await delay(1_700);
        events.push('end');
        return [{ done: true }];
      };
      await bus.publish([numbered(subject, 1)]);
      const options = { name: 'one', subjects: [subject], ackWaitMs: 500 };
      consumers.push(await bus.consume(options, slow), await second.consume(options, slow));
      await until(
        () => events,
        (list) => list.includes('end'),
      );
      await delay(700);
      expect(events).toEqual(['begin 1', 'end']);
    });

    it('shares the work between consumers of one name', async () => {
      const subject = command();
      const second = await broker.open();
      const got: [number[], number[]] = [[], []];
      const options = { name: 'one', subjects: [subject], batch: 4 };
      const work = () => delay(2);
      consumers.push(
        await bus.consume(options, noting(got[0], work)),
        await second.consume(options, noting(got[1], work)),
      );
      await bus.publish(several(subject, 200));
      await until(
        () => got.flat().length,
        (length) => length >= 200,
      );
      expect(got.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n));
      expect(got[0].length).toBeGreaterThan(0);
      expect(got[1].length).toBeGreaterThan(0);
    });

    it('gives every name its own copy of an event', async () => {
      const subject = event();
      const got: [number[], number[]] = [[], []];
      await bus.publish(several(subject, 3));
      await consume(subject, noting(got[0]), { name: 'one' });
      await bus.publish([numbered(subject, 3)]);
      await consume(subject, noting(got[1]), { name: 'two' });
      await until(
        () => got.flat().length,
        (length) => length === 8,
      );
      expect(got).toEqual([
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ]);
    });

    it('gives a name what it missed while nobody consumed', async () => {
      const subject = event();
      const got: number[] = [];
      await bus.publish([numbered(subject, 1)]);
      const before = await consume(subject, noting(got));
      await until(
        () => got.length,
        (length) => length === 1,
      );
      await before.stop();
      await bus.publish([numbered(subject, 2), numbered(subject, 3)]);
      await consume(subject, noting(got));
      await until(
        () => got.length,
        (length) => length === 3,
      );
      expect(got).toEqual([1, 2, 3]);
    });

    it('consumes several subjects under one name', async () => {
      const subjects = [event(), event()];
      const got: string[] = [];
      consumers.push(
        await bus.consume({ name: 'one', subjects }, async (deliveries) => {
          got.push(...deliveries.map(({ subject }) => subject));
          return deliveries.map(() => ({ done: true }));
        }),
      );
      await bus.publish(subjects.map((subject) => numbered(subject, 1)));
      await until(
        () => got.length,
        (length) => length === 2,
      );
      expect(got.sort()).toEqual([...subjects].sort());
    });

    it('refuses a second name for a command', async () => {
      const subject = command();
      await consume(subject, noting([]));
      await expect(consume(subject, noting([]), { name: 'another' })).rejects.toMatchObject({
        status: 409,
        code: 'messaging.command_taken',
      });
    });

    it.each([
      'commands',
      'events.',
      'commands.a b',
      'commands.>',
      'events.*',
      'dead-letters.commands.a',
      'x.y',
      `events.${'a'.repeat(300)}`,
    ])('refuses the subject %s', async (subject) => {
      await expect(bus.publish([numbered(subject, 1)])).rejects.toMatchObject({ code: 'messaging.invalid_subject' });
      await expect(consume(subject, noting([]))).rejects.toMatchObject({ code: 'messaging.invalid_subject' });
    });

    it('takes what is handled when it stops, and leaves the rest to the next', async () => {
      const subject = command();
      const got: number[] = [];
      const aborted: boolean[] = [];
      await bus.publish(several(subject, 30));
      const first = await consume(
        subject,
        noting(got, async ({ signal }) => {
          await delay(30);
          aborted.push(signal.aborted);
        }),
        { batch: 5 },
      );
      await until(
        () => got.length,
        (length) => length >= 2,
      );
      await first.stop();
      const handled = got.length;
      expect(handled).toBeLessThan(30);
      expect(aborted.at(-1)).toBe(true);
      await delay(50);
      expect(got.length).toBe(handled);
      await consume(subject, noting(got), { batch: 5 });
      await until(
        () => got.length,
        (length) => length >= 30,
      );
      expect([...new Set(got)]).toHaveLength(30);
    });

    it('carries a payload at the limit, and refuses one byte more before anything is sent', async () => {
      const subject = command();
      const got: unknown[] = [];
      const largest = 'ü'.repeat((maximumPayloadBytes - 2) / 2); // two bytes each, and the quotes
      await bus.publish([numbered(subject, 1, largest)]);
      const refused = bus.publish([numbered(subject, 2), numbered(subject, 3, `${largest}x`)]);
      await expect(refused).rejects.toMatchObject({
        status: 413,
        code: 'messaging.too_large',
        details: { subject, bytes: maximumPayloadBytes + 1, limit: maximumPayloadBytes },
      });
      await consume(subject, async (deliveries) => {
        got.push(...deliveries.map(({ payload }) => payload));
        return deliveries.map(() => ({ done: true }));
      });
      await until(
        () => got.length,
        (length) => length >= 1,
      );
      await delay(50);
      expect(got.length).toBe(1);
      expect(got[0] === largest).toBe(true);
    });

    it('carries any JSON', async () => {
      const subject = command();
      const payloads = [
        null,
        0,
        -1.5e-7,
        '',
        'é\u0000\u2028"\\',
        [],
        {},
        { a: [{ __proto__: null, b: true }] },
        [[[]]],
      ];
      const got: unknown[] = [];
      await bus.publish(payloads.map((payload, n) => numbered(subject, n, payload)));
      await consume(subject, async (deliveries) => {
        got.push(...deliveries.map(({ payload }) => payload));
        return deliveries.map(() => ({ done: true }));
      });
      await until(
        () => got.length,
        (length) => length === payloads.length,
      );
      expect(got).toEqual(payloads.map((payload) => JSON.parse(JSON.stringify(payload))));
    });

    it('loses nothing when the broker is killed in the middle', async () => {
      const subject = command();
      const told = event();
      const got: number[] = [];
      const heard: number[] = [];
      const listen = async () => {
        await consume(
          subject,
          noting(got, () => delay(2)),
          { batch: 10, ackWaitMs: 1_000 },
        );
        await consume(told, noting(heard), { batch: 10, ackWaitMs: 1_000 });
      };
      await listen();
      await bus.publish(several(subject, 300));
      await bus.publish(several(told, 100));
      await until(
        () => got.length,
        (length) => length > 20,
      );
      const next = await broker.restart(bus);
      if (next !== bus) {
        bus = next;
        await listen();
      }
      await bus.publish([numbered(subject, 300), numbered(told, 100)]);
      await until(
        () => new Set(got).size,
        (size) => size === 301,
      );
      await until(
        () => new Set(heard).size,
        (size) => size === 101,
      );
      expect(await deadLettersOf(subject)).toEqual([]);
    });

    it('lets a watcher see events as they come, and only those', async () => {
      const subject = event();
      const watching = new AbortController();
      const seen: number[] = [];
      const tail = bus.tail({ subjects: ['events.test.nobody', subject], signal: watching.signal });
      await bus.publish([numbered(event(), 1), numbered(subject, 1), numbered(command(), 2), numbered(subject, 2)]);
      for await (const delivery of tail) {
        seen.push(numberOf(delivery));
        if (seen.length === 2) watching.abort();
      }
      expect(seen).toEqual([1, 2]);
    });

    it('resumes a watcher behind a sequence', async () => {
      const subject = event();
      await bus.publish(several(subject, 250));
      const first: Delivery[] = [];
      const all = new AbortController();
      const begin = { subjects: [subject], after: 0, signal: all.signal };
      for await (const delivery of bus.tail(begin)) {
        first.push(delivery);
        if (first.length === 250) break;
      }
      all.abort();
      const rest: number[] = [];
      const resumed = new AbortController();
      const after = first[99]?.sequence ?? 0;
      for await (const delivery of bus.tail({ subjects: ['events.test.*'], after, signal: resumed.signal })) {
        if (delivery.subject === subject) rest.push(numberOf(delivery));
        if (rest.length === 150) resumed.abort();
      }
      expect(first.map(numberOf)).toEqual(Array.from({ length: 250 }, (_, n) => n));
      expect(rest).toEqual(Array.from({ length: 150 }, (_, n) => n + 100));
    });

    it('is not held up by a watcher that does not read', async () => {
      const subject = event();
      const got: number[] = [];
      const watching = new AbortController();
      const tail = bus.tail({ subjects: ['events.>'], signal: watching.signal })[Symbol.asyncIterator]();
      await consume(subject, noting(got), { batch: 50 });
      const first = tail.next();
      await bus.publish(several(subject, 1_000));
      await until(
        () => got.length,
        (length) => length === 1_000,
      );
      expect((await first).done).toBe(false);
      watching.abort();
      await tail.return?.();
    });

    it('ends a watch when its signal is aborted', async () => {
      const watching = new AbortController();
      const tail = bus.tail({ subjects: ['events.test.silence'], signal: watching.signal });
      setTimeout(() => watching.abort(), 50);
      for await (const delivery of tail) throw new Error(`nobody said ${delivery.id}`);
    });

    it.each([[[]], [['commands.>']], [['>']], [['dead-letters.>']], [['events.a b']]])(
      'has no watch of %j',
      (subjects) => {
        const { signal } = new AbortController();
        expect(() => bus.tail({ subjects, signal })).toThrow(
          expect.objectContaining({ code: 'messaging.not_watchable' }),
        );
      },
    );

    it('finds commands that nobody takes, and puts the old ones into the dead letters with a reason', async () => {
      const [stray, taken] = [command(), command()];
      await consume(taken, noting([]));
      await bus.publish([...several(stray, 3), numbered(taken, 0)]);
      const unclaimed = async () => (await bus.unclaimed.list()).map(({ subject }) => subject);
      expect(await bus.unclaimed.list()).toContainEqual({ subject: stray, messages: 3 });
      expect(await unclaimed()).not.toContain(taken);
      const past = { before: new Date(Date.now() - 60_000), limit: 10 };
      expect(await bus.unclaimed.bury(stray, 'too young', past)).toBe(0);
      const future = new Date(Date.now() + 60_000);
      expect(await bus.unclaimed.bury(stray, 'nobody knows it', { before: future, limit: 2 })).toBe(2);
      expect(await bus.unclaimed.bury(stray, 'nobody knows it', { before: future, limit: 10 })).toBe(1);
      expect(await unclaimed()).not.toContain(stray);
      const letters = await deadLettersOf(stray);
      expect(letters.map(({ message }) => message)).toEqual(several(stray, 3));
      expect(letters[0]).toMatchObject({ consumer: '', attempts: 0, error: 'nobody knows it' });
      // Somebody knows it after all.
      const got: number[] = [];
      await bus.deadLetters.replay(letters[0]?.sequence ?? 0);
      await consume(stray, noting(got));
      await until(
        () => got,
        ({ length }) => length === 1,
      );
      expect(got).toEqual([0]);
    });

    it('brings the reference of the sender through failure and replay', async () => {
      const subject = command();
      await bus.publish([{ ...numbered(subject, 0), reference: 'Bestellung 4711, "Übung"' }]);
      const broken = await consume(subject, failing, { maximumDeliveries: 1 });
      const [letter] = await until(
        () => deadLettersOf(subject),
        ({ length }) => length === 1,
      );
      expect(letter?.message.reference).toBe('Bestellung 4711, "Übung"');
      await broken.stop();
      const got: Delivery[] = [];
      await bus.deadLetters.replay(letter?.sequence ?? 0);
      await consume(
        subject,
        noting([], (delivery) => void got.push(delivery)),
      );
      await until(
        () => got.length,
        (length) => length === 1,
      );
      expect(got[0]?.reference).toBe('Bestellung 4711, "Übung"');
    });

    it('says where a message is, and that it is there', async () => {
      const subject = event();
      const [first, second] = await bus.publish(several(subject, 2));
      if (first === undefined || second === undefined) throw new Error('no receipts');
      expect(first.stream).toBe('events');
      expect(second.sequence).toBeGreaterThan(first.sequence);
      expect(await bus.stillHas(second, `${subject}-1`)).toBe(true);
      // As a broker that was started again is asked.
      const [made] = second.incarnation.split('/');
      const earlier = { ...second, incarnation: `${made}/earlier` };
      expect(await bus.stillHas(earlier, `${subject}-1`)).toBe(true);
      expect(await bus.stillHas(earlier, 'another')).toBe(false);
      expect(await bus.stillHas({ ...earlier, sequence: second.sequence + 1e6 }, `${subject}-1`)).toBe(false);
      expect(await bus.stillHas({ ...second, incarnation: 'another/one' }, `${subject}-1`)).toBe(false);
    });

    it('says that it can take messages', async () => {
      await expect(bus.check()).resolves.toBeUndefined();
    });
  });
};
