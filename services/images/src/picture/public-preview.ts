import { decodePicture } from './decoder.ts';
import type { Picture } from './read-picture.ts';

/**
 * What of a picture may leave the house: upright, no larger than needed, on white, and without its metadata, that is without the place where it
 * was taken. A JPEG.
 */
export const makePublicPreview = (
  { bytes, format }: Pick<Picture, 'bytes' | 'format'>,
  size: number,
): Promise<Buffer> =>
  // The picture was decoded within the bound of pixels before.
  decodePicture(bytes, format, Number.MAX_SAFE_INTEGER, (picture) =>
    picture
      .autoOrient()
      .toColourspace('srgb')
      .flatten({ background: 'white' })
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 85 })
      .toBuffer(),
  );
