import { request } from 'undici';
import { createRandom, drawTag, drawTime, imageCount, seed, toDate } from './seed.ts';
import { startImages } from './service.ts';
import { median, percentile, timed } from './statistics.ts';

const queries = 1000;
const warmUp = 100;
const pageSize = 50;

/** Two tags, drawn as the images' are, and a range of dates that may be days or years. */
const drawQuery = (random: () => number): URLSearchParams => {
  const [from, to] = [drawTime(random), drawTime(random)].sort((one, other) => one - other);
  return new URLSearchParams({
    tags: `${drawTag(random)},${drawTag(random)}`,
    min_date: toDate(from ?? 0),
    max_date: toDate(to ?? 0),
    limit: String(pageSize),
  });
};

/**
 * Times searches for two tags and a range of dates, over HTTP, with the images' tags in the answer. Not by `fetch`, whose streams and garbage take
 * longer than a search does: the client is no part of the service.
 */
export const measureSearch = async (engine: string, folder: string, databaseUrl: string): Promise<void> => {
  // The first start makes the tables.
  const migrating = await startImages(folder, { DATABASE_URL: databaseUrl });
  await migrating.stop();
  await seed(databaseUrl);
  const service = await startImages(folder, { DATABASE_URL: databaseUrl });
  try {
    const random = createRandom(7);
    const times: number[] = [];
    let found = 0;
    for (let query = 0; query < queries + warmUp; query++) {
      const address = `${service.url}/images?${drawQuery(random)}`;
      let answer = '';
      const time = await timed(async () => {
        answer = await (await request(address)).body.text();
      });
      if (query < warmUp) continue;
      times.push(time);
      found += (JSON.parse(answer) as { items: unknown[] }).items.length;
    }
    console.log(
      `${engine}: ${imageCount} images, two tags and a range of dates: median ${median(times).toFixed(1)} ms, 99 % within ` +
        `${percentile(times, 0.99).toFixed(1)} ms (target: 20 ms), ${(found / queries).toFixed(1)} images found on average`,
    );
  } finally {
    await service.stop();
  }
};
