import { openPicture } from './decoder.ts';

/** A small upright WebP of a stored picture, at most `width` pixels wide and never enlarged. */
export const makeThumbnail = (bytes: Buffer, width: number, maximumPixels: number): Promise<Buffer> =>
  openPicture(bytes, maximumPixels)
    .autoOrient()
    .resize({ width, height: 4 * width, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
