import { ServiceError } from '@vindima/contracts';
import { decodePicture } from './decoder.ts';
import { asPictureError, formatOf } from './read-picture.ts';

/**
 * A small upright WebP of a stored picture, at most `width` pixels wide and never enlarged.
 * @throws ServiceError 413 `images.too_many_pixels` where the cap is lower than when it came, 422 `images.broken_picture`
 */
export const makeThumbnail = async (bytes: Buffer, width: number, maximumPixels: number): Promise<Buffer> => {
  try {
    return await decodePicture(bytes, formatOf(bytes), maximumPixels, (picture) =>
      picture
        .autoOrient()
        .resize({ width, height: 4 * width, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer(),
    );
  } catch (error) {
    throw error instanceof ServiceError ? error : asPictureError(error, maximumPixels);
  }
};
