import type { RunningService } from '@vindima/service-kit';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawFile, plainFile } from '../support/pictures.ts';
import { json, post, startImages } from '../support/platform.ts';

interface ClientImage {
  id: number;
  size: number;
  date: string;
  tags: { tag: string; confidence: number }[];
  data: string;
}

// The calls of the clients that this service inherited, in their order.
describe.each(await databases())('$dialect: the existing client', ({ create }) => {
  let service: RunningService;
  let drop: () => Promise<void>;
  let first: ClientImage;
  let picture: Buffer;
  beforeAll(async () => {
    picture = await drawFile('jpeg');
    const database = await create();
    drop = database.drop;
    service = await startImages({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await service.stop();
    await drop();
  });

  test('uploads a picture as base64 and gets its tags', async () => {
    const response = await post(`${service.url}/images?min_confidence=30`, { data: picture.toString('base64') });
    expect(response.status).toBe(200);
    first = await json<ClientImage>(response);
    expect(Object.keys(first)).toEqual(['id', 'size', 'date', 'tags', 'data']);
    expect(first.size).toBeCloseTo(picture.length / 1024, 2);
    expect(first.date).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(first.data).toBe(picture.toString('base64'));
    expect(first.tags.map(({ tag }) => tag)).toContain('traffic light');
    for (const { confidence } of first.tags) expect(confidence).toBeGreaterThan(30);
  });

  test('uploads another one under the other path, with the default confidence', async () => {
    const other = await plainFile('#808080');
    const image = await json<ClientImage>(post(`${service.url}/images/tags/`, { data: other.toString('base64') }));
    expect(image.id).toBeGreaterThan(first.id);
    for (const { confidence } of image.tags) expect(confidence).toBeGreaterThan(80);
  });

  test('lists all images as a bare array without their files', async () => {
    const list = await json<ClientImage[]>(fetch(`${service.url}/images`));
    const { data: _, ...shown } = first;
    expect(list).toHaveLength(2);
    expect(list[0]).toEqual(shown);
  });

  test('lists the images that carry all tags', async () => {
    const list = (tags: string) => json<ClientImage[]>(fetch(`${service.url}/images?tags=${encodeURIComponent(tags)}`));
    expect((await list('traffic light')).map(({ id }) => id)).toEqual([first.id]);
    expect(await list('traffic light,no such tag')).toEqual([]);
  });

  test('lists by tags and dates', async () => {
    const list = (query: Record<string, string>) =>
      json<ClientImage[]>(fetch(`${service.url}/images?${new URLSearchParams({ tags: 'traffic light', ...query })}`));
    expect(await list({ min_date: first.date, max_date: first.date })).toHaveLength(1);
    expect(await list({ min_date: '2000-01-01 00:00:00', max_date: '2000-12-31 23:59:59' })).toEqual([]);
    expect(await list({ min_date: '2100-01-01 00:00:00' })).toEqual([]);
    expect(await list({ min_date: '', max_date: first.date.slice(0, 10) })).toHaveLength(1);
  });

  test('gets one image with its file', async () => {
    expect(await json(fetch(`${service.url}/images/${first.id}`))).toEqual(first);
    expect((await fetch(`${service.url}/images/999`)).status).toBe(404);
  });

  test('gets the statistics of the tags, under both paths', async () => {
    const statistics = await json<{ tag: string }[]>(fetch(`${service.url}/tags`));
    const { confidence } = first.tags.find(({ tag }) => tag === 'traffic light') ?? { confidence: -1 };
    expect(statistics.find(({ tag }) => tag === 'traffic light')).toEqual({
      tag: 'traffic light',
      n_images: 1,
      min_confidence: confidence,
      max_confidence: confidence,
      mean_confidence: confidence,
    });
    expect(await json(fetch(`${service.url}/images/tags`))).toEqual(statistics);
    expect(await json(fetch(`${service.url}/tags?min_date=2100-01-01`))).toEqual([]);
  });
});
