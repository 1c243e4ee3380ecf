import { type AnyMessage, jobEvents, messagesOf, serviceNames } from '@vindima/contracts';
import { type Bus, openInProcessBus } from '@vindima/messaging';
import { createLogger, openBus, type RunningService } from '@vindima/service-kit';
import { natsServer, temporaryFolder } from '@vindima/test-servers';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAdmin, asKey, asUser, json, startGateway, until } from '../support/gateway.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const nats = await natsServer();
const buses: { name: string; open: () => Promise<Bus> }[] = [
  { name: 'in process', open: () => openInProcessBus({ path: `${temporaryFolder()}/bus.db`, logger }) },
];
if (nats !== undefined) {
  const config = { NATS_URL: nats, NATS_PREFIX: `gateway-${process.pid}` };
  buses.push({ name: 'on NATS', open: () => openBus(config as never, 'gateway', logger) });
}
const commands: [string, AnyMessage][] = serviceNames
  .flatMap(messagesOf)
  .filter(({ kind }) => kind === 'command')
  .map((command) => [command.subject, command]);

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: { payload: { id: string } };
}

/** Reads server-sent events. */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      if (field('data') !== '') yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
    }
  }
}

describe.each(buses)('messages $name', ({ open }) => {
  let bus: Bus;
  let gateway: RunningService;
  let admin: Record<string, string>;
  beforeAll(async () => {
    bus = await open();
    gateway = await startGateway({}, { bus });
    admin = await asAdmin(gateway.url);
  });
  afterAll(async () => {
    await gateway?.stop();
    await bus?.close();
  });
  const send = (subject: string, payload: unknown, headers: Record<string, string> = admin) => {
    const [, service, verb] = subject.split('.');
    return fetch(`${gateway.url}/commands/${service}/${verb}`, json(payload, headers));
  };
  const job = (service: string, number: number) => ({
    id: `${service}-${number}`,
    kind: `${service}.test`,
    state: 'running' as const,
    progress: 0.5,
    message: 'half of it',
  });
  let made = 0;
  const tell = async (service: string, number: number) => {
    const { type, subject } = jobEvents(service).progressed;
    const message = { id: `e${made++}-${process.pid}`, subject, type, source: 'test', time: new Date().toISOString() };
    await bus.publish([{ ...message, payload: job(service, number) }]);
  };

  it('names what a command does not know', async () => {
    const refused = await send('commands.inference.load', { model: 'iris' });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: expect.stringMatching(/: \/model is not known\.$/), details: { subject: 'commands.inference.load' } },
    ]);
  });

  it.each(commands)(
    'publishes %s once for a key, and refuses a payload that does not fit',
    async (subject, command) => {
      const received: unknown[] = [];
      const consumer = await bus.consume({ name: 'tests', subjects: [subject] }, async (deliveries) => {
        received.push(...deliveries.map(({ payload }) => payload));
        return deliveries.map(() => ({ done: true }));
      });
      const payload = Value.Create(command.payload);
      const accepted = await send(subject, payload, { ...admin, 'idempotency-key': 'once' });
      expect([accepted.status, await accepted.json()]).toMatchObject([202, { subject, id: expect.any(String) }]);
      await send(subject, payload, { ...admin, 'idempotency-key': 'once' });
      await send(subject, payload);
      await until(() => (received.length >= 2 ? true : undefined));
      expect(received).toEqual([payload, payload]);
      await consumer.stop();
      for (const wrong of ['text', 7, [1], null]) {
        const refused = await send(subject, wrong);
        expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'gateway.invalid_payload' }]);
      }
    },
  );

  it('refuses a key that came with another body before', async () => {
    const once = { ...admin, 'idempotency-key': 'another body' };
    expect((await send('commands.pricing.run', {}, once)).status).toBe(202);
    const other = await send('commands.pricing.run', { categories: ['Shoes'] }, once);
    expect([other.status, await other.json()]).toMatchObject([409, { code: 'gateway.idempotency_conflict' }]);
    expect((await send('commands.pricing.run', {}, once)).status).toBe(202);
  });

  it('ends the stream of events of a key that is revoked', { timeout: 20_000 }, async () => {
    const { headers, id } = await asKey(gateway.url, 'gateway:read');
    const live = await fetch(`${gateway.url}/events`, { headers });
    expect(live.status).toBe(200);
    const text = live.text();
    expect((await fetch(`${gateway.url}/keys/${id}`, { method: 'DELETE', headers: admin })).ok).toBe(true);
    // Ends: until now it did not.
    expect(await text).toContain(':');
  });

  it('does not know commands that nobody defines, and lets in who may', async () => {
    expect((await send('commands.wine.drink', {})).status).toBe(404);
    expect((await send('commands.wine.job-progressed', {})).status).toBe(404);
    expect((await send('commands.wine.ingest', {}, await asUser(gateway.url, 'viewer'))).status).toBe(403);
    expect((await send('commands.wine.ingest', {}, (await asKey(gateway.url, 'images:write')).headers)).status).toBe(
      403,
    );
    expect((await send('commands.wine.ingest', {}, {})).status).toBe(401);
    expect((await send('commands.wine.ingest', { note: 'x'.repeat(2_000_000) })).status).toBe(413);
  });

  it('streams events as they happen, and resumes behind the last one that was seen', async () => {
    const abort = new AbortController();
    const live = await fetch(`${gateway.url}/events`, { headers: admin, signal: abort.signal });
    expect(live.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(live);
    const telling = (async () => {
      // New events only: it may take a moment until the watcher is there.
      for (let number = 1; !abort.signal.aborted; number++) {
        await tell('wine', number);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const first = (await events.next()).value as Event;
    const second = (await events.next()).value as Event;
    expect(first.event).toBe('events.wine.job-progressed');
    expect(Number(second.id)).toBeGreaterThan(Number(first.id));
    abort.abort();
    await telling;
    const resumed = new AbortController();
    const headers = { ...admin, 'last-event-id': first.id };
    const again = eventsOf(await fetch(`${gateway.url}/events`, { headers, signal: resumed.signal }));
    expect(((await again.next()).value as Event).data).toEqual(second.data);
    resumed.abort();
  });

  it('filters events by subject, and lets a key watch the service that it may read', async () => {
    await tell('pricing', 1);
    await tell('images', 2);
    const { headers } = await asKey(gateway.url, 'images:read');
    const watch = (query: string) => fetch(`${gateway.url}/events?${query}`, { headers });
    const abort = new AbortController();
    const answer = await fetch(`${gateway.url}/events?subject=events.images.%3E&after=0`, {
      headers,
      signal: abort.signal,
    });
    const event = (await eventsOf(answer).next()).value as Event;
    expect(event.data.payload.id).toBe('images-2');
    abort.abort();
    expect((await watch('subject=events.wine.%3E')).status).toBe(403);
    expect((await watch('')).status).toBe(403);
    for (const subject of ['commands.>', 'events.images.>.x', '>', 'events.*.>', '']) {
      expect((await watch(`subject=${encodeURIComponent(subject)}`)).status).toBeOneOf([400, 403]);
    }
  });

  it('ends streams of events when it stops', async () => {
    const other = await startGateway({}, { bus });
    const headers = await asAdmin(other.url);
    const answer = await fetch(`${other.url}/events`, { headers });
    const ended = (async () => {
      for await (const _ of eventsOf(answer)) {
        // Whatever comes until it ends.
      }
    })().catch(() => {});
    await other.stop();
    await ended;
  });

  it('lists what could not be handled, hands it out again, and gives it up', async () => {
    const subject = 'commands.wine.ingest';
    let attempts = 0;
    let healed = false;
    const consumer = await bus.consume(
      { name: 'tests', subjects: [subject], maximumDeliveries: 1 },
      async (deliveries) => {
        attempts += deliveries.length;
        const failed = { done: false, error: new Error('the cellar is flooded'), dead: true } as const;
        return deliveries.map(() => (healed ? { done: true } : failed));
      },
    );
    await send(subject, {});
    await send(subject, {});
    interface Letter {
      sequence: number;
      payload: unknown;
      error: string;
    }
    const list = async (query = '') => {
      const answer = await fetch(`${gateway.url}/dead-letters${query}`, { headers: admin });
      return (await answer.json()) as { items: Letter[]; next_cursor: string | null };
    };
    const { items } = await until(async () => {
      const found = await list();
      return found.items.length === 2 ? found : undefined;
    });
    expect(items[0]).toMatchObject({ subject, consumer: 'tests', attempts: 1, payload: {} });
    expect(items[0]?.error).toContain('the cellar is flooded');
    const page = await list('?limit=1');
    const next = await list(`?limit=1&cursor=${page.next_cursor}`);
    expect([page.items[0]?.sequence, next.items[0]?.sequence, next.next_cursor]).toEqual([
      items[0]?.sequence,
      items[1]?.sequence,
      null,
    ]);
    expect((await list('?subject=commands.images.tag')).items).toEqual([]);
    healed = true;
    const replay = (sequence: number | undefined) =>
      fetch(`${gateway.url}/dead-letters/${sequence}/replay`, { method: 'POST', headers: admin });
    expect((await replay(items[0]?.sequence)).status).toBe(204);
    await until(() => (attempts >= 3 ? true : undefined));
    const discard = () =>
      fetch(`${gateway.url}/dead-letters/${items[1]?.sequence}`, { method: 'DELETE', headers: admin });
    expect((await discard()).status).toBe(204);
    expect((await list()).items).toEqual([]);
    expect([(await discard()).status, (await replay(items[1]?.sequence)).status]).toEqual([404, 404]);
    await consumer.stop();
  });
});
