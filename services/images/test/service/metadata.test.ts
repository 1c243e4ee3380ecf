import type { ImageDetails } from '@vindima/contracts';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describedFile } from '../support/described.ts';
import { drawFile } from '../support/pictures.ts';
import { json, postFile, startImages } from '../support/platform.ts';

describe.each(await databases())('$dialect: what files say', ({ create }) => {
  let url: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const database = await create();
    const service = await startImages({ DATABASE_URL: database.url });
    url = service.url;
    close = async () => {
      await service.stop();
      await database.drop();
    };
  });
  afterAll(() => close());

  const upload = (bytes: Buffer) =>
    json<{ id: number; tags: { tag: string; confidence: number }[] }>(postFile(`${url}/images`, bytes));
  const found = async (query: string) =>
    (await json<{ id: number }[]>(fetch(`${url}/images?${query}`))).map(({ id }) => id);
  const details = (id: number) => json<ImageDetails>(fetch(`${url}/images/${id}/details`));

  test('keywords are tags of the source `file`, each once', async () => {
    const { id, tags } = await upload(
      await describedFile('teal', {
        iptcKeywords: ['Lake', 'a, b;c'],
        xmpKeywords: ['lake', 'Cafe\u0301'],
        title: 'By the lake',
        caption: 'A lake below a vineyard',
      }),
    );
    expect(tags).toEqual(['a', 'b', 'c', 'café', 'lake'].map((tag) => ({ tag, confidence: 100 })));
    expect(await found('tags=lake')).toContain(id);
    expect(await found(`tags=${encodeURIComponent('cafe\u0301')}`)).toContain(id);
    expect(await found(`text=${encodeURIComponent('afe\u0301')}`)).toContain(id);
    const { metadata, findings } = await details(id);
    expect(metadata).toMatchObject({ title: 'By the lake', caption: 'A lake below a vineyard' });
    expect(findings.filter(({ tagger }) => tagger === 'file')).toHaveLength(5);
  });

  test('date, camera and place are shown, and found', async () => {
    const { id } = await upload(
      await describedFile('plum', {
        taken: '2019:03:04 23:30:00',
        zone: '-03:00',
        camera: ['TestCam', 'TestCam X1'],
        latitude: ['29/1 10/1 0/1', 'S'],
        longitude: ['51/1 31/1 0/1', 'W'],
      }),
    );
    expect((await details(id)).metadata).toMatchObject({
      taken_at: '2019-03-04 23:30:00',
      taken_zone: '-03:00',
      camera: 'TestCam X1',
      latitude: expect.closeTo(-29.1667, 3),
      longitude: expect.closeTo(-51.5167, 3),
    });
    for (const query of ['taken_from=2019-03-04', 'taken_to=2019-03-04', 'camera=testcam', 'near=-29.2,-51.5,10']) {
      expect([query, await found(query)]).toEqual([query, [id]]);
    }
    for (const query of ['taken_from=2019-03-05', 'camera=x2', 'near=-29.2,-51.5,1', 'near=29.2,51.5,10']) {
      expect([query, await found(query)]).toEqual([query, []]);
    }
  });

  test('a date without a zone is local, and one that is none is left out', async () => {
    const { id } = await upload(await describedFile('tan', { taken: '2020:02:30 10:00:00' }));
    expect((await details(id)).metadata).toMatchObject({ taken_at: null, taken_zone: null });
    const second = await upload(await describedFile('tomato', { taken: '2020:02:29 10:00:00' }));
    expect((await details(second.id)).metadata).toMatchObject({ taken_at: '2020-02-29 10:00:00', taken_zone: null });
  });

  test('keywords are bounded in number and length, and long ones stay apart', async () => {
    const long = 'x'.repeat(150);
    const words = Array.from({ length: 500 }, (_, index) => `word ${index}`);
    const { id, tags } = await upload(
      await describedFile('wheat', { xmpKeywords: [`${long}1`, `${long}2`, ...words] }),
    );
    expect(tags).toHaveLength(64);
    expect(tags.filter(({ tag }) => tag.startsWith('xx')).map(({ tag }) => tag.length)).toEqual([100, 100]);
    expect(await found(`tags=${long}2`)).toEqual([id]);
  });

  test('a place that is none is refused', async () => {
    const answer = await fetch(`${url}/images?near=91,0,1`);
    expect([answer.status, await json(answer)]).toMatchObject([400, { code: 'images.invalid_place' }]);
  });

  test('a file that says nothing has nothing', async () => {
    const { id } = await upload(await drawFile('png', 60, 40));
    expect((await details(id)).metadata).toMatchObject({ keywords: [], taken_at: null, camera: null, latitude: null });
  });
});
