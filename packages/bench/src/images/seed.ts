import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';

export const imageCount = 100_000;
const tagsPerImage = 10;
const vocabulary = 500;
const firstDay = Date.UTC(2025, 0, 1);
const days = 700;

/** Pseudo-random numbers from 0 to 1 that are the same in each run (mulberry32). */
export const createRandom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A few tags are on many images and many on few, as words are used (Zipf); `tag0` is the commonest. */
export const drawTag = (random: () => number): string => `tag${Math.floor(vocabulary ** random() - 1 + random())}`;

export const toDate = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** A time of the two years that the images are from. */
export const drawTime = (random: () => number): number => firstDay + Math.floor(random() * days * 86_400) * 1000;

/** The statements that fill the tables: made-up names and numbers alone, so that both engines take them as they are. */
function* statements(): Generator<string> {
  const random = createRandom(1);
  const times = Array.from({ length: imageCount }, () => drawTime(random)).sort((one, other) => one - other);
  const chunk = 1000;
  for (let begin = 0; begin < imageCount; begin += chunk) {
    const [pictures, details, tags]: string[][] = [[], [], []];
    for (const [offset, time] of times.slice(begin, begin + chunk).entries()) {
      const id = begin + offset + 1;
      const date = toDate(time);
      pictures?.push(`(${id},'images/pictures/${id}.jpg','${date}')`);
      details?.push(`(${id},'${id.toString(16).padStart(64, '0')}','jpeg',640,480,${50_000 + id})`);
      const drawn = new Set<string>();
      while (drawn.size < tagsPerImage) drawn.add(drawTag(random));
      for (const tag of drawn) tags?.push(`('${tag}',${id},${(50 + 50 * random()).toFixed(2)},'${date}')`);
    }
    yield `INSERT INTO pictures (id, path, date) VALUES ${pictures?.join()}`;
    yield `INSERT INTO picture_details (picture_id, sha256, format, width, height, bytes) VALUES ${details?.join()}`;
    yield `INSERT INTO tags (tag, picture_id, confidence, date) VALUES ${tags?.join()}`;
  }
}

/** Fills an empty, migrated database. */
export const seed = async (url: string): Promise<void> => {
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length));
    database.exec('BEGIN');
    for (const statement of statements()) database.exec(statement);
    database.exec('COMMIT');
    database.close();
    return;
  }
  const connection = await createConnection(url);
  await connection.query('SET autocommit = 0');
  for (const statement of statements()) await connection.query(statement);
  await connection.query('COMMIT');
  await connection.end();
};
