import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { postFile, startImages } from '../support/platform.ts';
import { sharedData } from '../support/shared-data.ts';

const folder = join(sharedData, 'hostile', 'images');

// Real data: PngSuite with its corrupt files, photographs of every EXIF orientation, and the text files around them.
test.skipIf(!existsSync(folder))(
  'every hostile file is stored or refused with a 4xx',
  { timeout: 300_000 },
  async () => {
    const service = await startImages({ MAXIMUM_PIXELS: '10000000' });
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const wrong: string[] = [];
    const counts = new Map<number, number>();
    for (const entry of entries.filter((candidate) => candidate.isFile())) {
      const path = resolve(entry.parentPath, entry.name);
      const { status } = await postFile(`${service.url}/images`, await readFile(path));
      counts.set(status, (counts.get(status) ?? 0) + 1);
      const isPicture = /\.(png|jpg|bmp)$/.test(path) && !/\/x[^/]*\.png$/.test(path);
      if ((status === 200) !== isPicture || ![200, 400, 415, 422].includes(status)) wrong.push(`${status} ${path}`);
    }
    expect(wrong).toEqual([]);
    expect(counts.get(200)).toBeGreaterThan(150);
    await service.stop();
  },
);
