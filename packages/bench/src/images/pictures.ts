import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createRandom } from './seed.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** A photograph-like JPEG (many details, 500 x 375 pixels, some 100 kB), another one for every seed. */
const makePhotograph = async (seed: number): Promise<Buffer> => {
  const width = 500;
  const height = 375;
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grain = ((x * 7919 + y * 104729 + seed * 1299709) % 61) - 30;
      for (let channel = 0; channel < 3; channel++) {
        const wave = Math.sin((x + seed * 3) / (17 + channel * 9)) * Math.cos((y - seed * 5) / (13 + channel * 7));
        pixels[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, 128 + 90 * wave + grain));
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
};

const madeUp = 170;

/** The same picture in another file: a JPEG with a comment (ITU T.81, B.2.4.5) that no decoder looks at. */
export const anotherFile = (jpeg: Buffer, number: number): Buffer => {
  const text = Buffer.from(String(number));
  const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2, ...text]);
  // Behind the marker that every JPEG begins with.
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
};

/** Different JPEGs: real photographs where they are at hand (`SHARED_DATA_DIR`), in a random order that is the same each time, else made-up ones. */
export const readPhotographs = async (): Promise<{ kind: string; pictures: Buffer[] }> => {
  const folder = join(resolve(root, process.env.SHARED_DATA_DIR ?? '../shared/data'), 'photos');
  if (!existsSync(folder)) {
    return {
      kind: 'made-up',
      pictures: await Promise.all(Array.from({ length: madeUp }, (_, i) => makePhotograph(i))),
    };
  }
  const random = createRandom(3);
  const files = (await readdir(folder)).filter((file) => /\.jpe?g$/i.test(file)).sort();
  const shuffled = files
    .map((file) => ({ file, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ file }) => readFile(join(folder, file)));
  return { kind: 'real', pictures: await Promise.all(shuffled) };
};
