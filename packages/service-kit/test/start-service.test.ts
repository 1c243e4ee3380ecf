import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import {
  type AsyncApiDocument,
  defineCommand,
  defineEvent,
  type Job,
  type JobEnd,
  jobEvents,
} from '@vindima/contracts';
import { columnTypes } from '@vindima/database';
import { openInProcessBus } from '@vindima/messaging';
import { databases, natsServer, temporaryFolder } from '@vindima/test-servers';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger, defineService, type RunningService, type ServiceContext, startService } from '../src/index.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const make = defineCommand({
  service: 'example',
  name: 'make',
  summary: 'Make a thing',
  payload: Type.Object({ name: Type.String() }),
});
const made = defineEvent({
  service: 'example',
  name: 'made',
  summary: 'A thing was made',
  payload: Type.Object({ name: Type.String() }),
});

interface Tables {
  things: { name: string };
}
const Config = Type.Object({ GREETING: Type.String({ default: 'hello' }) });

const heard: string[] = [];
const ends: JobEnd[] = [];
const example = defineService({
  name: 'example',
  title: 'Example',
  description: 'A service for tests',
  port: 0,
  config: Config,
  migrations: {
    '2026-11-21T0900_things': {
      up: async (db) => {
        await db.schema.createTable('things').addColumn('name', columnTypes(db).key(100)).execute();
      },
    },
  },
  async compose({ app, config, database, jobs, messages, objects }: ServiceContext<{ GREETING: string }, Tables>) {
    const work = jobs.define({
      kind: 'example.make',
      input: Type.Object({ name: Type.String() }),
      outputs: () => ({ tables: ['t-1'] }),
      run: ({ input, complete }) =>
        complete(async (transaction) => {
          await transaction.insertInto('things').values(input).execute();
          await messages.send(transaction, made, input);
          return { greeting: config.GREETING };
        }),
    });
    await messages.on(make, async (payload, { transaction, message }) => {
      await work.start(payload, { transaction, idempotencyKey: message.id });
    });
    await messages.on(made, async (payload, { message }) => {
      heard.push(payload.name);
      if (message.reference !== undefined) heard.push(message.reference);
    });
    await messages.on(jobEvents('example').finished, async (end) => void ends.push(end));
    app.get('/things', async () => database.query.selectFrom('things').selectAll().execute());
    app.post('/things', { schema: { body: make.payload } }, async (request, reply) => {
      const job = await work.start(request.body);
      await objects.put(`things/${request.body.name}`, Buffer.from('made'));
      return reply.code(202).header('location', `/jobs/${job.id}`).send(job);
    });
  },
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  heard.length = 0;
  ends.length = 0;
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (environment: Record<string, string>): Promise<RunningService> => {
  const running = await startService(example, { environment: { PORT: '0', ...environment }, logger });
  closing.push(running.stop);
  return running;
};
const until = async (condition: () => boolean | Promise<boolean>) => {
  for (const deadline = Date.now() + 10_000; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const [, mysql] = await databases();
const nats = await natsServer();
const places = [
  { name: 'embedded', environment: async () => ({}) },
  ...(mysql && nats
    ? [
        {
          name: 'on MySQL and NATS',
          environment: async () => {
            const database = await mysql.create();
            closing.push(database.drop);
            return { DATABASE_URL: database.url, NATS_URL: nats, NATS_PREFIX: `kit-${randomUUID().slice(0, 8)}` };
          },
        },
      ]
    : []),
];

describe.each(places)('a service $name', ({ environment }) => {
  const place = async () => {
    const folder = temporaryFolder();
    return { DATA_DIR: folder, ...(await environment()) };
  };

  it('does a command as a job, keeps its effect and tells of it', async () => {
    const { url } = await start(await place());
    const response = await fetch(`${url}/things`, {
      method: 'POST',
      body: '{"name":"one"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(202);
    const location = response.headers.get('location');
    const events = await (await fetch(`${url}${location}/events`)).text();
    expect(events).toContain('"state":"succeeded"');
    await until(() => heard.includes('one'));
    expect(await (await fetch(`${url}/things`)).json()).toEqual([{ name: 'one' }]);
  });

  it('lets who sent a command or a request find its result, and names what came out', async () => {
    const environment = await place();
    const { url } = await start(environment);
    const response = await fetch(`${url}/things`, {
      method: 'POST',
      body: '{"name":"one"}',
      headers: { 'content-type': 'application/json', 'x-reference': 'order 4711' },
    });
    const asked = (await response.json()) as Job;
    expect(asked).toMatchObject({ reference: 'order 4711', command_id: null, outputs: {} });
    await until(() => ends.length === 1);
    const outputs = { tables: ['t-1'] };
    expect(ends[0]).toMatchObject({
      id: asked.id,
      state: 'succeeded',
      reference: 'order 4711',
      command_id: null,
      outputs,
    });
    await until(() => heard.includes('order 4711'));
    const find = async (query: string) => (await (await fetch(`${url}/jobs?${query}`)).json()) as { items: Job[] };
    expect((await find('reference=order%204711')).items.map(({ id }) => id)).toEqual([asked.id]);
    expect((await find('command_id=order')).items).toEqual([]);
    const refused = await fetch(`${url}/things`, {
      method: 'POST',
      body: '{"name":"two"}',
      headers: { 'content-type': 'application/json', 'x-reference': 'x'.repeat(201) },
    });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'example.invalid_reference' });
  });

  it('is ready when database, messages and objects are', async () => {
    const { url } = await start(await place());
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({
      status: 'ok',
      checks: { database: 'ok', messages: 'ok', objects: 'ok' },
    });
  });

  it('describes its messages', async () => {
    const { url } = await start(await place());
    const document = (await (await fetch(`${url}/asyncapi.json`)).json()) as AsyncApiDocument;
    expect(document.asyncapi).toBe('3.0.0');
    const addresses = Object.values(document.channels).map(({ address }) => address);
    expect(addresses).toEqual(
      expect.arrayContaining(['commands.example.make', 'events.example.made', 'events.example.job-finished']),
    );
  });

  it('keeps what it has over a restart', async () => {
    const environment = await place();
    const first = await start(environment);
    await fetch(`${first.url}/things`, {
      method: 'POST',
      body: '{"name":"kept"}',
      headers: { 'content-type': 'application/json' },
    });
    await until(() => heard.includes('kept'));
    await first.stop();
    const second = await start(environment);
    expect(await (await fetch(`${second.url}/things`)).json()).toEqual([{ name: 'kept' }]);
  });
});

describe('services of one process', () => {
  it('hear each other over a shared bus', async () => {
    const bus = await openInProcessBus({ path: ':memory:', logger });
    closing.push(() => bus.close());
    const running = await startService(example, {
      environment: { PORT: '0', DATA_DIR: temporaryFolder() },
      logger,
      bus,
    });
    closing.push(running.stop);
    await bus.publish([
      {
        id: 'c1',
        subject: make.subject,
        type: make.type,
        source: 'test',
        time: new Date().toISOString(),
        payload: { name: 'x' },
        reference: 'of the sender',
      },
    ]);
    await until(() => heard.includes('of the sender') && ends.length === 1);
    expect(ends[0]).toMatchObject({ command_id: 'c1', reference: 'of the sender', outputs: { tables: ['t-1'] } });
    const { items } = (await (await fetch(`${running.url}/jobs?command_id=c1`)).json()) as { items: Job[] };
    expect(items.map(({ id }) => id)).toEqual([ends[0]?.id]);
  });
});

describe('a service that cannot start', () => {
  it('says that its port is taken', async () => {
    const { url } = await start({ DATA_DIR: temporaryFolder() });
    const second = startService(example, {
      environment: { PORT: new URL(url).port, DATA_DIR: temporaryFolder() },
      logger,
    });
    await expect(second).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^Port \d+ .* is taken/),
    });
  });
});

describe('a service that listens for this machine alone', () => {
  /** fetch would not let us set these headers. */
  const call = (url: string, headers: Record<string, string>, method = 'POST') =>
    new Promise<number>((resolve, reject) => {
      const outgoing = request(`${url}/jobs`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      outgoing.on('error', reject).end();
    });
  const started = async (environment: Record<string, string> = {}) => {
    const service = await startService(example, {
      environment: { PORT: '0', DATA_DIR: temporaryFolder(), ...environment },
      logger,
    });
    closing.push(service.stop);
    return service;
  };

  it('answers programs and its own pages, and keeps pages of other sites out', async () => {
    const { url } = await started();
    const { host, port } = new URL(url);
    expect(await call(url, {}, 'GET')).toBe(200);
    expect(await call(url, { host: `localhost:${port}` }, 'GET')).toBe(200);
    expect(await call(url, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }, 'GET')).toBe(200);
    for (const headers of [
      { host: `evil.example:${port}` },
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ] as Record<string, string>[]) {
      expect([headers, await call(url, headers, 'GET')]).toEqual([headers, 403]);
      expect([headers, await call(url, headers)]).toEqual([headers, 403]);
    }
  });

  it('asks for the token instead where there is one', async () => {
    const { url } = await started({ INTERNAL_TOKEN: 'between us, and long enough' });
    expect(await call(url, {}, 'GET')).toBe(401);
    expect(await call(url, { host: 'evil.example', 'x-internal-token': 'between us, and long enough' }, 'GET')).toBe(
      200,
    );
  });
});
