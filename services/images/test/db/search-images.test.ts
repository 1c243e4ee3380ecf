import { type Database, insertIgnore, openDatabase } from '@vindima/database';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imagesMigrations } from '../../src/db/migrations.ts';
import { type ImageSearch, matchText, searchImages } from '../../src/db/search-images.ts';
import type { ImagesTables } from '../../src/db/tables.ts';

const pictures: [date: string, tags: Record<string, number>][] = [
  ['2026-01-01 10:00:00', { dog: 90, grass: 50 }],
  ['2026-01-02 10:00:00', { dog: 60, cat: 70 }],
  ['2026-01-02 10:00:00', { cat: 95 }],
  ['2026-01-03 10:00:00', { dog: 99, cat: 85, '100%_wool': 40 }],
  ['2026-01-04 10:00:00', {}],
];

describe.each(await databases())('$dialect: searching', ({ create }) => {
  let database: Database<ImagesTables>;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const created = await create();
    drop = created.drop;
    database = await openDatabase<ImagesTables>({
      url: created.url,
      service: 'Pictures',
      migrations: imagesMigrations,
    });
    for (const [index, [date, tags]] of pictures.entries()) {
      const picture_id = index + 1;
      await database.query
        .insertInto('pictures')
        .values({ id: picture_id, path: `p${index}`, date })
        .execute();
      for (const [tag, confidence] of Object.entries(tags)) {
        await database.query.insertInto('tags').values({ tag, picture_id, confidence, date }).execute();
        await insertIgnore(database.query, 'vocabulary', [{ tag }]);
      }
    }
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const find = async (search: Partial<ImageSearch>): Promise<number[]> => {
    const found = await searchImages(database.query, { all: [], any: [], none: [], limit: 100, ...search });
    return found.map(({ id }) => id);
  };

  test.each<[string, Partial<ImageSearch>, number[]]>([
    ['everything, oldest first', {}, [1, 2, 3, 4, 5]],
    ['one tag', { all: ['dog'] }, [1, 2, 4]],
    ['all of two tags', { all: ['dog', 'cat'] }, [2, 4]],
    ['any of two tags', { any: ['grass', 'cat'] }, [1, 2, 3, 4]],
    ['none of two tags', { none: ['dog', 'cat'] }, [5]],
    ['all, any and none together', { all: ['dog'], any: ['cat', 'grass'], none: ['100%_wool'] }, [1, 2]],
    ['from a confidence on', { all: ['dog'], minimumConfidence: 90 }, [1, 4]],
    ['both tags from a confidence on', { all: ['dog', 'cat'], minimumConfidence: 65 }, [4]],
    ['any from a confidence on', { any: ['cat'], minimumConfidence: 80 }, [3, 4]],
    ['a confidence that any tag may have', { minimumConfidence: 95 }, [3, 4]],
    ['a part of a tag', { text: { words: ['cat', '100%_wool'] } }, [2, 3, 4]],
    ['any of two tags and a part of another', { any: ['grass', 'dog'], text: { words: ['cat'] } }, [2, 4]],
    ['whatever a pattern fits', { text: { pattern: '%!%!_%' } }, [4]],
    ['a pattern from a confidence on', { text: { pattern: '%a%' }, minimumConfidence: 90 }, [3]],
    ['a range of dates', { from: '2026-01-02 00:00:00', to: '2026-01-03 09:59:59' }, [2, 3]],
    ['a tag in a range of dates', { all: ['dog'], from: '2026-01-01 10:00:01' }, [2, 4]],
    ['two tags in a range of dates', { all: ['cat', 'dog'], to: '2026-01-02 10:00:00' }, [2]],
    ['an unknown tag', { all: ['dog', 'unicorn'] }, []],
  ])('%s', async (_, search, expected) => {
    expect(await find(search)).toEqual(expected);
  });

  test.each<[string, Partial<ImageSearch>]>([
    ['of everything', {}],
    ['of a tag', { all: ['dog'] }],
    ['of two tags', { all: ['dog', 'cat'] }],
    ['of any tag', { any: ['dog', 'cat'] }],
  ])('pages %s join without a gap or a repeat', async (_, search) => {
    const whole = await find(search);
    const pages: number[] = [];
    for (let after: ImageSearch['after']; ; ) {
      const page = await searchImages(database.query, {
        all: [],
        any: [],
        none: [],
        ...search,
        limit: 1,
        ...(after && { after }),
      });
      const last = page.at(-1);
      if (last === undefined) break;
      pages.push(last.id);
      after = last;
    }
    expect(pages).toEqual(whole);
  });

  test('words are found by any part of them, and no character has another meaning', async () => {
    expect(await matchText(database.query, 'AT')).toEqual({ words: ['cat'] });
    expect(await matchText(database.query, '%_')).toEqual({ words: ['100%_wool'] });
    expect(await matchText(database.query, '!')).toEqual({ words: [] });
  });

  test('a text that is a part of very many words finds every image all the same', async () => {
    const words = Array.from({ length: 600 }, (_, index) => ({ tag: `a word ${index}` }));
    await insertIgnore(database.query, 'vocabulary', words);
    const last = { tag: 'zz a word', picture_id: 5, confidence: 80, date: '2026-01-04 10:00:00' };
    await database.query.insertInto('tags').values(last).execute();
    const text = await matchText(database.query, 'a word');
    expect(await find({ text })).toEqual([5]);
    await database.query.deleteFrom('tags').where('tag', '=', last.tag).execute();
  });
});
