import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openForeignDatabase } from '@vindima/database';
import { databases, temporaryFolder } from '@vindima/test-servers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runImages } from '../../src/adoption/run-adoption.ts';
import { plainFile } from '../support/pictures.ts';
import { json, post, postFile, startImages, until } from '../support/platform.ts';

// The old program has MySQL.
const engines = (await databases()).filter(({ dialect }) => dialect === 'mysql');

/** As the old program made them. */
const tables = [
  sql`CREATE TABLE pictures (id INT AUTO_INCREMENT PRIMARY KEY, path TEXT, date TEXT)`,
  sql`CREATE TABLE tags (tag varchar(32), picture_id INT NOT NULL, confidence FLOAT, date TEXT,
    PRIMARY KEY (tag, picture_id), FOREIGN KEY (picture_id) REFERENCES pictures(id))`,
];

const colours = ['red', 'green', 'blue', 'orange', 'purple', 'teal', 'gold', 'navy', 'plum'];
/** Of picture n: the tenth is the first one again, of the eleventh the file is missing, the twelfth is broken. */
const pictures = 20;
const date = (id: number) => `2023-01-20 13:04:${String(id).padStart(2, '0')}`;

describe.each(engines)('$dialect: the old installation', ({ create }) => {
  const folder = temporaryFolder();
  const dataFolder = temporaryFolder();
  const bytesOf = (id: number) => plainFile(colours[(id - 1) % colours.length] ?? 'red', 40, id === 10 ? 30 : 30 + id);
  let url: string;
  let drop: () => Promise<void>;

  const query = async <Row>(statement: ReturnType<typeof sql<Row>>): Promise<Row[]> => {
    const old = openForeignDatabase(url, 'Pictures');
    const { rows } = await statement.execute(old.query);
    await old.close();
    return rows;
  };

  const writeOldFile = async (id: number, content: string) => {
    await mkdir(join(folder, 'pictures_api/images'), { recursive: true });
    await writeFile(join(folder, `pictures_api/images/file-${id}`), content);
  };

  beforeAll(async () => {
    ({ url, drop } = await create());
    for (const table of tables) await query(table);
    for (let id = 1; id <= pictures; id++) {
      await query(sql`INSERT INTO pictures (path, date) VALUES (${`pictures_api/images/file-${id}`}, ${date(id)})`);
      await query(
        sql`INSERT INTO tags VALUES ('lake', ${id}, 100, ${date(id)}), ('body of water', ${id}, 87.2146, ${date(id)})`,
      );
      const content = (await (id === 10 ? plainFile('red', 40, 31) : bytesOf(id))).toString('base64');
      if (id !== 11) await writeOldFile(id, id === 12 ? Buffer.from('no picture').toString('base64') : content);
    }
    await query(sql`INSERT INTO pictures (path, date) VALUES (NULL, 'yesterday')`);
    await query(sql`INSERT INTO tags VALUES ('sky', 21, NULL, NULL)`);
  });
  afterAll(() => drop());

  const run = async (...options: string[]) => {
    const said = { out: '', err: '' };
    const code = await runImages(
      ['adopt', '--database', url, '--files', folder, ...options],
      { DATA_DIR: dataFolder },
      { stdout: { write: (text) => (said.out += text) }, stderr: { write: (text) => (said.err += text) } },
    );
    return { code, ...said };
  };

  test('a service that is started on it says what to do, and changes nothing', async () => {
    await expect(startImages({ DATABASE_URL: url })).rejects.toThrow(
      /tables pictures and tags of another program.*adopt/,
    );
    const names = await query(
      sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = database()`,
    );
    expect(names.map(({ name }) => name).sort()).toEqual(['pictures', 'tags']);
  });

  test('is taken over with ids, dates and confidences as written; the same bytes are stored once', async () => {
    const said = await run();
    expect(said.err.trim().split('\n')).toEqual([
      'picture 11: has no file (pictures_api/images/file-11)',
      expect.stringMatching(/^picture 12: cannot be read/),
      'picture 21: has no path',
      'picture 21: has the date yesterday, and got 1970-01-01 00:00:00',
      'picture 21: has the tag sky with the confidence null, which was left out',
    ]);
    expect([said.code, said.out]).toEqual([1, '21 pictures adopted, 0 known already, 5 problems.\n']);
    const service = await startImages({ DATA_DIR: dataFolder });
    try {
      const image = await json(fetch(`${service.url}/images/7`));
      expect(image).toMatchObject({
        id: 7,
        date: date(7),
        data: (await bytesOf(7)).toString('base64'),
        tags: [
          { tag: 'lake', confidence: 100 },
          { tag: 'body of water', confidence: 87.2146 },
        ],
      });
      const job = await post(`${service.url}/images/retag`, { ids: [7] });
      const state = async () => (await json(fetch(`${service.url}${job.headers.get('location')}`))).state;
      await until(async () => ['succeeded', 'failed'].includes(String(await state())));
      expect([await state(), (await json(fetch(`${service.url}/images/7`))).tags]).toEqual(['succeeded', image.tags]);
      const listed = await json<{ id: number }[]>(fetch(`${service.url}/images?tags=lake`));
      expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: pictures }, (_, index) => index + 1));
      const [statistics] = await json<object[]>(fetch(`${service.url}/tags`));
      expect(statistics).toMatchObject({ tag: 'body of water', n_images: 20, max_confidence: 87.2146 });
      expect((await fetch(`${service.url}/images/11`)).status).toBe(410);
      const file = await fetch(`${service.url}/images/12/file`);
      expect([file.status, await file.text()]).toEqual([200, 'no picture']);
      // The same bytes under two ids: the lower one is the answer, and the file goes with the last of them.
      const again = () => json(postFile(`${service.url}/images`, Buffer.from(String(image10.data), 'base64')));
      const image10 = await json(fetch(`${service.url}/images/10`));
      expect(await again()).toMatchObject({ id: 1 });
      await fetch(`${service.url}/images/1`, { method: 'DELETE' });
      expect(await again()).toMatchObject({ id: 10 });
      expect((await fetch(`${service.url}/images/10/file`)).status).toBe(200);
    } finally {
      await service.stop();
    }
  });

  test('can be run again: what is there stays, what was missing is fetched', async () => {
    await writeOldFile(11, (await bytesOf(11)).toString('base64'));
    const said = await run();
    // Image 1 was deleted here, and comes back.
    expect(said.out).toBe('3 pictures adopted, 18 known already, 3 problems.\n');
    const service = await startImages({ DATA_DIR: dataFolder });
    expect((await fetch(`${service.url}/images/11/file`)).status).toBe(200);
    await service.stop();
    const files = await readdir(join(dataFolder, 'lake/images/pictures'), { recursive: true, withFileTypes: true });
    // Twenty pictures with files, of which two are the same.
    expect(files.filter((entry) => entry.isFile())).toHaveLength(19);
  });

  test('with images of its own the service wants an offset', async () => {
    const service = await startImages({ DATA_DIR: dataFolder });
    await postFile(`${service.url}/images`, await plainFile('white', 77, 77));
    await service.stop();
    expect(await run()).toMatchObject({ code: 1, err: expect.stringContaining('--offset') });
    expect(await run('--offset', '1000')).toMatchObject({ out: '21 pictures adopted, 0 known already, 4 problems.\n' });
    expect(await query(sql`select count(*) as n from pictures`)).toEqual([{ n: 21 }]);
  });
});

test('a call that is not understood shows the usage', async () => {
  const said: string[] = [];
  const write = (text: string) => said.push(text);
  expect(await runImages(['adopt'], {}, { stdout: { write }, stderr: { write } })).toBe(2);
  expect(said.join('')).toContain('npm run images -- adopt --database');
});
