import type { ImageDetails } from '@vindima/contracts';
import { databases, temporaryFolder } from '@vindima/test-servers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describedFile } from '../support/described.ts';
import { drawFile, plainFile } from '../support/pictures.ts';
import { json, post, postFile, startImages, until } from '../support/platform.ts';

describe.each(await databases())('$dialect: the owner decides', ({ create }) => {
  let url: string;
  let restart: () => Promise<void>;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const database = await create();
    const environment = { DATABASE_URL: database.url, DATA_DIR: temporaryFolder() };
    let service = await startImages(environment);
    ({ url } = service);
    restart = async () => {
      await service.stop();
      service = await startImages(environment);
      ({ url } = service);
    };
    close = async () => {
      await service.stop();
      await database.drop();
    };
  });
  afterAll(() => close());

  const upload = async (bytes: Uint8Array) => Number((await json(postFile(`${url}/images`, bytes))).id);
  const tagsOf = async (id: number) =>
    (await json<{ tags: { tag: string }[] }>(fetch(`${url}/images/${id}`))).tags.map(({ tag }) => tag);
  const details = (id: number) => json<ImageDetails>(fetch(`${url}/images/${id}/details`));
  const found = async (query: string) =>
    (await json<{ id: number }[]>(fetch(`${url}/images?${query}`))).map(({ id }) => id);
  const correct = (method: string, id: number, tag: string) =>
    fetch(`${url}/images/${id}/tags/${encodeURIComponent(tag)}`, { method });

  test('corrections are kept apart, survive tagging again and another upload, and are a training set', async () => {
    const bytes = await describedFile('salmon', { xmpKeywords: ['lake', 'hill'] });
    const id = await upload(bytes);
    expect((await correct('PUT', id, 'Water')).status).toBe(200);
    expect((await correct('DELETE', id, 'hill')).status).toBe(200);
    expect(await tagsOf(id)).toEqual(['lake', 'water']);
    const before = await details(id);
    const answer = await post(`${url}/images/retag`, { ids: [id] });
    expect(answer.status).toBe(202);
    const job = `${url}${answer.headers.get('location')}`;
    await until(async () => ['succeeded', 'failed'].includes(String((await json(fetch(job))).state)));
    expect((await json(fetch(job))).result).toEqual({ retagged: 1, failed: 0, failures: [] });
    await restart();
    await upload(bytes);
    expect(await tagsOf(id)).toEqual(['lake', 'water']);
    const after = await details(id);
    expect(after.corrections).toMatchObject([
      { tag: 'hill', is_right: false },
      { tag: 'water', is_right: true },
    ]);
    expect(after.date).toBe(before.date);
    expect(after.findings.filter(({ tagger }) => tagger === 'file').map(({ tag, given }) => [tag, given])).toEqual([
      ['hill', false],
      ['lake', true],
    ]);
    const set = await json<{ items: object[] }>(fetch(`${url}/images/training-set`));
    expect(set.items).toMatchObject([
      { id, file: `/images/${id}/file`, labels: ['lake', 'water'], confirmed: ['water'], wrong: ['hill'] },
    ]);
    expect(await json(correct('PUT', id, 'a,b'))).toMatchObject({ code: 'images.invalid_tag' });
    expect((await correct('PUT', 99_999, 'x')).status).toBe(404);
  });

  test('tagging again needs images, and taggers that tag here', async () => {
    expect(await json(post(`${url}/images/retag`, {}))).toMatchObject({ code: 'images.no_selection' });
    const wrong = { search: {}, taggers: ['imagga'] };
    expect(await json(post(`${url}/images/retag`, wrong))).toMatchObject({ code: 'images.unknown_tagger' });
  });

  test('a name in Portuguese or Spanish finds the tag, and shows it', async () => {
    const id = await upload(await plainFile('sienna'));
    await correct('PUT', id, 'dog');
    for (const name of ['cão', 'ca\u0303o', 'Perro', 'dog']) {
      expect([name, await found(`tags=${encodeURIComponent(name)}`)]).toEqual([name, [id]]);
    }
    expect(await found(`none=${encodeURIComponent('cão')}`)).not.toContain(id);
    const [image] = await json<{ tags: object[] }[]>(fetch(`${url}/images?tags=dog&lang=pt`));
    expect(image?.tags).toEqual([{ tag: 'cão', confidence: 100 }]);
    const statistics = await json<{ tag: string }[]>(fetch(`${url}/tags?lang=es`));
    expect(statistics.map(({ tag }) => tag)).toContain('perro');
  });

  test('what looks the same is marked, and a plain wall is like no other', async () => {
    const scene = await drawFile('png', 400, 300);
    const first = await upload(scene);
    const smaller = await upload(await sharp(scene).resize(200).jpeg().toBuffer());
    const other = await upload(await sharp(scene).flop().png().toBuffer());
    expect((await details(smaller)).duplicate_of).toBe(first);
    expect((await details(other)).duplicate_of).toBeNull();
    await upload(await plainFile('linen'));
    expect((await details(await upload(await plainFile('khaki')))).duplicate_of).toBeNull();
    await fetch(`${url}/images/${first}`, { method: 'DELETE' });
    expect((await details(smaller)).duplicate_of).toBeNull();
  });

  test('images come in the order that is asked for, also in pages', async () => {
    const old = await upload(await describedFile('aqua', { taken: '1999:01:01 00:00:00', xmpKeywords: ['row'] }));
    const recent = await upload(await describedFile('azure', { taken: '2001:01:01 00:00:00', xmpKeywords: ['row'] }));
    const middle = await upload(await describedFile('beige', { taken: '2000:01:01 00:00:00', xmpKeywords: ['row'] }));
    expect(await found('tags=row&order=newest')).toEqual([middle, recent, old]);
    expect(await found('tags=row&order=taken')).toEqual([old, middle, recent]);
    for (const order of ['newest', 'taken', 'newest_taken', 'oldest']) {
      const all = await found(`order=${order}`);
      const paged: number[] = [];
      for (let cursor = ''; ; ) {
        const page = await json<{ items: { id: number }[]; next_cursor: string | null }>(
          fetch(`${url}/images?limit=2&order=${order}${cursor}`),
        );
        paged.push(...page.items.map(({ id }) => id));
        if (page.next_cursor === null) break;
        cursor = `&cursor=${page.next_cursor}`;
      }
      expect([order, paged]).toEqual([order, all]);
    }
  });

  test('facets count tags, years and cameras', async () => {
    await upload(await describedFile('coral', { taken: '1987:06:05 00:00:00', camera: ['Voigt', 'Bessa'] }));
    const facets = await json<Record<'years' | 'cameras' | 'tags', object[]>>(fetch(`${url}/images/facets`));
    expect(facets.years).toContainEqual({ year: 1987, n_images: 1 });
    expect(facets.cameras).toEqual([{ camera: 'Voigt Bessa', n_images: 1 }]);
    expect(facets.tags).toContainEqual({ tag: 'row', n_images: 3 });
  });

  test('an album holds images, and goes without them', async () => {
    const id = await upload(await plainFile('indigo'));
    const album = await json<{ id: number }>(post(`${url}/albums`, { name: 'Harvest' }));
    expect((await post(`${url}/albums`, { name: 'Harvest' })).status).toBe(409);
    expect((await fetch(`${url}/albums/${album.id}/images/${id}`, { method: 'PUT' })).status).toBe(204);
    expect(await found(`album=${album.id}`)).toEqual([id]);
    expect(await json(fetch(`${url}/albums`))).toEqual([{ id: album.id, name: 'Harvest', n_images: 1, cover: id }]);
    expect((await fetch(`${url}/albums/${album.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${url}/albums/${album.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(`${url}/images/${id}`)).status).toBe(200);
  });

  test('a search is tagged or removed at once, after its number was confirmed', async () => {
    const search = { tags: 'row' };
    expect(await json(post(`${url}/images/bulk`, { search, add: ['line'] }))).toEqual({ count: 3, is_done: false });
    expect(await found('tags=line')).toEqual([]);
    const wrong = await post(`${url}/images/bulk`, { search, count: 2, delete: true });
    expect([wrong.status, await json(wrong)]).toMatchObject([409, { code: 'images.other_count' }]);
    await post(`${url}/images/bulk`, { search, count: 3, add: ['line'] });
    expect(await found('tags=line')).toHaveLength(3);
    await post(`${url}/images/bulk`, { search, count: 3, delete: true });
    expect(await found('tags=row')).toEqual([]);
    expect(await json(post(`${url}/images/bulk`, { search }))).toMatchObject({ code: 'images.no_change' });
  });
});
