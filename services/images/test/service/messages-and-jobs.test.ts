import { imagesCommands, imagesEvents, type Job } from '@vindima/contracts';
import { type Bus, openInProcessBus } from '@vindima/messaging';
import { openObjectStore } from '@vindima/object-store';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BatchJob, finishedBatch, postBatch, stagedFiles } from '../support/batches.ts';
import { drawFile, plainFile } from '../support/pictures.ts';
import { json, logger, postFile, startImages, until } from '../support/platform.ts';

interface Event {
  subject: string;
  payload: Record<string, unknown>;
}

let bus: Bus;
let service: RunningService;
const lake = temporaryFolder();
const pictures = temporaryFolder();
const heard: Event[] = [];

beforeAll(async () => {
  bus = await openInProcessBus({ path: `${temporaryFolder()}/messages.db`, logger });
  const stores = { OBJECT_STORE_URL: `file:${lake}`, IMAGES_STORE_URL: `file:${pictures}` };
  service = await startImages({ ...stores, ALLOW_PRIVATE_ADDRESSES: 'true' }, { bus });
  await bus.consume(
    { name: 'test', subjects: Object.values(imagesEvents).map(({ subject }) => subject) },
    async (deliveries) => {
      for (const { subject, payload } of deliveries)
        heard.push({ subject, payload: payload as Record<string, unknown> });
      return deliveries.map(() => ({ done: true }));
    },
  );
});
afterAll(async () => {
  await service.stop();
  await bus.close();
});

const eventWith = async (subject: string, part: object): Promise<Record<string, unknown>> => {
  const find = () =>
    heard.find(
      (event) =>
        event.subject === subject && Object.entries(part).every(([name, value]) => event.payload[name] === value),
    );
  await until(async () => find() !== undefined);
  return find()?.payload ?? {};
};

const publish = (id: string, payload: object) =>
  bus.publish([
    {
      id,
      subject: imagesCommands.tag.subject,
      type: imagesCommands.tag.type,
      source: 'test',
      time: new Date().toISOString(),
      payload,
    },
  ]);

test('an upload is told of once, a deletion too', async () => {
  const bytes = await drawFile('jpeg', 300, 300);
  const { id } = await json(postFile(`${service.url}/images`, bytes));
  await postFile(`${service.url}/images`, bytes);
  expect(await eventWith(imagesEvents.tagged.subject, { id })).toMatchObject({ is_new: true, tagger: 'local' });
  expect((await fetch(`${service.url}/images/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect(await eventWith(imagesEvents.deleted.subject, { id })).toMatchObject({ sha256: expect.any(String) });
  expect((await fetch(`${service.url}/images/${id}/file`)).status).toBe(404);
  expect((await fetch(`${service.url}/images/${id}`, { method: 'DELETE' })).status).toBe(404);
  expect(
    heard.filter(({ subject, payload }) => subject === imagesEvents.tagged.subject && payload.id === id),
  ).toHaveLength(1);
});

test('a command tags a file of the object store, once however often it comes', async () => {
  const store = await openObjectStore(`file:${lake}`);
  await store.put('elsewhere/photo', await drawFile('png', 256, 256));
  await publish('command-1', { object_key: 'elsewhere/photo', reference: 'mine', min_confidence: 10 });
  const event = await eventWith(imagesEvents.tagged.subject, { reference: 'mine' });
  expect(event).toMatchObject({
    is_new: true,
    tags: expect.arrayContaining([expect.objectContaining({ tag: 'traffic light' })]),
  });
  expect(await json(fetch(`${service.url}/images/${event.id}`))).toMatchObject({ id: event.id });
  expect((await Array.fromAsync(store.list(''))).map(({ key }) => key)).toEqual(['elsewhere/photo']);
  const { items } = await json<{ items: Job[] }>(fetch(`${service.url}/jobs?command_id=command-1`));
  expect(items).toMatchObject([{ command_id: 'command-1', reference: 'mine', outputs: { images: [event.id] } }]);
  await publish('command-2', { object_key: 'elsewhere/photo', reference: 'again' });
  expect(await eventWith(imagesEvents.tagged.subject, { reference: 'again' })).toMatchObject({
    is_new: false,
    id: event.id,
  });
  await store.close();
});

test('a command that cannot be obeyed is answered with the reason', async () => {
  await publish('command-3', { object_key: 'nothing/here', reference: 'lost' });
  expect(await eventWith(imagesEvents.failed.subject, { reference: 'lost' })).toMatchObject({
    code: 'object_store.not_found',
  });
  await publish('command-4', { reference: 'neither' });
  expect(await eventWith(imagesEvents.failed.subject, { reference: 'neither' })).toMatchObject({
    code: 'images.no_picture',
  });
});

test('a batch is a job that says of each file what became of it', async () => {
  const body = new FormData();
  body.append('files', new File([new Uint8Array(await plainFile('red'))], 'red.png'));
  body.append('files', new File(['text'], 'notes.txt'));
  body.append('files', new File([new Uint8Array(await plainFile('green'))], 'green.png'));
  const answer = await fetch(`${service.url}/images/batch`, { method: 'POST', body });
  expect(answer.status).toBe(202);
  const { state, result, outputs } = await finishedBatch(service.url, answer);
  expect(state).toBe('succeeded');
  expect(outputs).toEqual({ images: result.items.flatMap(({ id }) => id ?? []) });
  expect(result).toMatchObject({
    stored: 2,
    failed: 1,
    items: [
      { name: 'red.png', id: expect.any(Number), error: null },
      { name: 'notes.txt', id: null, error: { code: 'images.unsupported_format' } },
      { name: 'green.png', id: expect.any(Number), error: null },
    ],
  });
  expect(await stagedFiles(pictures)).toEqual([]);
});

test('a batch as JSON, of data and addresses', async () => {
  const data = (await plainFile('blue')).toString('base64');
  const answer = await postBatch(service.url, [{ data }, { name: 'b', url: 'http://127.0.0.1:1/x' }]);
  const { result } = await finishedBatch(service.url, answer);
  expect(result.items).toMatchObject([
    { name: '1', id: expect.any(Number) },
    { name: 'b', error: { code: 'images.url_failed' } },
  ]);
});

test('a batch with the same idempotency key is the same job, and nothing of it stays behind', async () => {
  const items = [{ data: (await plainFile('yellow')).toString('base64') }];
  const first = await finishedBatch(service.url, await postBatch(service.url, items, 'the same'));
  const again = await json<BatchJob>(postBatch(service.url, items, 'the same'));
  expect(again.id).toBe(first.id);
  expect((await postBatch(service.url, [{ url: 'http://127.0.0.1:1/' }], 'the same')).status).toBe(409);
  expect(await stagedFiles(pictures)).toEqual([]);
});
