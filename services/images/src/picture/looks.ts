import { webcrypto } from 'node:crypto';
import sharp from 'sharp';
import type { Pixels } from './read-picture.ts';

/** How a picture looks, whatever its file is. */
export interface Looks {
  /** SHA-256 of the preview's pixels and of the size of the picture. */
  readonly pixels: string;
  /** 64 bits as 16 hexadecimal digits; null where there is too little to tell the picture by. */
  readonly hash: string | null;
  /** Red, green and blue of 4 x 4 parts, in hexadecimal digits: pictures with the same edges have other colours. */
  readonly colours: string;
}

const [columns, rows] = [9, 8];
/** Between neighbours that differ. A plain wall has none, and is like every other one. */
const visible = 3;
/** Of 64. */
const leastDifferences = 4;
/** Parts of a picture in a row, for its colours. */
const parts = 4;
/** Of 255: how far the colours of the same picture may be apart, on the average, after it was saved again. */
const sameColours = 12;

/**
 * The difference hash: the picture in 9 x 8 shades of grey, and of every two neighbours whether the right one is lighter (N. Krawetz, 2013).
 * It stays the same, but for a few bits, when the picture is made smaller or saved again.
 */
const differenceHash = async ({ data, width, height }: Pixels): Promise<string | null> => {
  const shades = await sharp(data, { raw: { width, height, channels: 3 } })
    .greyscale()
    .resize(columns, rows, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  let bits = '';
  let differences = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 1; column < columns; column++) {
      const step = (shades[row * columns + column] ?? 0) - (shades[row * columns + column - 1] ?? 0);
      if (Math.abs(step) >= visible) differences++;
      // What is flat stays 0, whatever the noise of saving makes of it.
      bits += step >= visible ? '1' : '0';
    }
  }
  return differences < leastDifferences ? null : BigInt(`0b${bits}`).toString(16).padStart(16, '0');
};

const coloursOf = async ({ data, width, height }: Pixels): Promise<string> => {
  const colours = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(parts, parts, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return colours.toString('hex');
};

/** Looks at the preview. Two pictures of the same size whose previews are equal to the bit are taken for the same pixels. */
export const looksOf = async (picture: {
  readonly width: number;
  readonly height: number;
  readonly preview: Pixels;
}) => {
  const { width, height, preview } = picture;
  const size = Buffer.from(`${width}x${height}:${preview.width}x${preview.height}:`);
  const digest = await webcrypto.subtle.digest('SHA-256', Buffer.concat([size, preview.data]));
  const [hash, colours] = await Promise.all([differenceHash(preview), coloursOf(preview)]);
  return { pixels: Buffer.from(digest).toString('hex'), hash, colours } satisfies Looks;
};

/** In how many bits two hashes differ. */
export const distance = (one: string, other: string): number => {
  let different = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; different > 0n; different >>= 1n) count += Number(different & 1n);
  return count;
};

/** Whether two pictures have about the same colours in the same places. */
export const haveSameColours = (one: string, other: string): boolean => {
  const [ones, others] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  const sum = ones.reduce((total, value, index) => total + Math.abs(value - (others[index] ?? 0)), 0);
  return ones.length === others.length && sum <= sameColours * ones.length;
};
