import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawFile } from '../support/pictures.ts';
import { json, postFile, startImages } from '../support/platform.ts';

interface Listed {
  readonly id: number;
  readonly date: string;
  readonly tags: { readonly tag: string }[];
}

const folder = temporaryFolder();
const zebras = 10_050;
let url: string;
let stop: () => Promise<void>;

/** More images of zebras than a bare array holds, and as many of giraffes, on two days. */
const fill = (path: string): void => {
  const database = new DatabaseSync(path);
  database.exec('BEGIN');
  const picture = database.prepare('INSERT INTO pictures (id, path, date) VALUES (?, ?, ?)');
  const details = database.prepare(
    "INSERT INTO picture_details (picture_id, sha256, format, width, height, bytes) VALUES (?, ?, 'jpeg', 1, 1, 1)",
  );
  const tag = database.prepare('INSERT INTO tags (tag, picture_id, confidence, date) VALUES (?, ?, 90, ?)');
  for (let id = 1; id <= 2 * zebras; id++) {
    const date = id <= zebras + 500 ? '2026-01-01 10:00:00' : '2026-01-02 10:00:00';
    picture.run(id, `images/pictures/${id}.jpg`, date);
    details.run(id, id.toString(16).padStart(64, '0'));
    tag.run(id % 2 === 0 ? 'giraffe' : 'zebra', id, date);
    if (id % 2 === 0) tag.run('savannah', id, date);
    else tag.run('grassland', id, date);
  }
  database.exec('INSERT INTO vocabulary (tag) SELECT DISTINCT tag FROM tags');
  database.exec('COMMIT');
  database.close();
};

beforeAll(async () => {
  const making = await startImages({ DATA_DIR: folder });
  await making.stop();
  fill(`${folder}/images.db`);
  ({ url, stop } = await startImages({ DATA_DIR: folder }));
});
afterAll(() => stop());

test('a bare array that is full names the page on which the same search goes on', async () => {
  const answer = await fetch(`${url}/images?min_confidence=50&max_date=2026-01-01`);
  const listed = await json<Listed[]>(answer);
  expect(listed).toHaveLength(10_000);
  const next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  const page = await json<{ items: Listed[]; next_cursor: string | null }>(fetch(`${url}${next}`));
  expect(page.items).toHaveLength(100);
  expect(page.items[0]?.id).toBe(10_001);
  expect(page.items.every(({ date }) => date === '2026-01-01 10:00:00')).toBe(true);
});

test('any of some tags and a part of a tag are two conditions', async () => {
  const found = await json<{ items: Listed[] }>(fetch(`${url}/images?any=zebra,giraffe&text=savann&limit=3`));
  expect(found.items.map(({ id }) => id)).toEqual([2, 4, 6]);
});

test('a cursor that no page ended with is refused, whatever it says', async () => {
  for (const position of ['x', { date: 'zzz', id: 1 }, { date: '2026-13-99 00:00:00', id: 1 }, { date: 7, id: 'x' }]) {
    const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
    const answer = await fetch(`${url}/images?cursor=${cursor}`);
    expect([answer.status, await json(answer)]).toMatchObject([400, { code: 'images.invalid_cursor' }]);
  }
});

test('a thumbnail of a picture with more pixels than are taken now is refused', async () => {
  const own = temporaryFolder();
  const before = await startImages({ DATA_DIR: own });
  const { id } = await json(postFile(`${before.url}/images`, await drawFile('jpeg', 300, 200)));
  await before.stop();
  const after = await startImages({ DATA_DIR: own, MAXIMUM_PIXELS: '10000' });
  const answer = await fetch(`${after.url}/images/${id}/thumbnail`);
  expect([answer.status, await json(answer)]).toMatchObject([413, { code: 'images.too_many_pixels' }]);
  await after.stop();
});
