import sharp, { type Sharp } from 'sharp';
import { decodeBmp } from './decode-bmp.ts';
import { decodeHeic } from './heic/decode-heic.ts';
import type { ImageFormat } from './image-format.ts';
import type { RawPicture } from './raw-picture.ts';

let prepared = false;

/**
 * libvips can read much more than photographs (SVG with links, PDF, ...): every loader but those of the six formats is switched
 * off, for the process. Its cache of operations would keep decoded pictures.
 */
const prepare = (): void => {
  if (prepared) return;
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}`),
  });
  prepared = true;
};

/**
 * Opens an encoded picture, its first page only. Decoding fails for anything broken or cut short, and for more than
 * `maximumPixels` before a pixel is decoded.
 */
export const openPicture = (bytes: Buffer, maximumPixels: number): Sharp => {
  prepare();
  return sharp(bytes, { failOn: 'error', limitInputPixels: maximumPixels, pages: 1, sequentialRead: true });
};

/** A picture from pixels that were decoded here. */
const openRaw = ({ data, ...raw }: RawPicture): Sharp => {
  prepare();
  return sharp(data, { raw });
};

const endOfImage = Buffer.from([0xff, 0xd9]);

const lacksEnd = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('premature end of JPEG image');

/**
 * Decodes a picture of a known format, whoever has to decode it. A JPEG that lacks only its end marker is taken: with the marker it must be
 * without fault.
 * @throws what the decoder throws
 */
export const decodePicture = async <Result>(
  bytes: Buffer,
  format: ImageFormat,
  maximumPixels: number,
  work: (picture: Sharp) => Promise<Result>,
): Promise<Result> => {
  if (format === 'heic') return work(openRaw(await decodeHeic(bytes, maximumPixels)));
  if (format === 'bmp') return work(openRaw(decodeBmp(bytes, maximumPixels)));
  try {
    return await work(openPicture(bytes, maximumPixels));
  } catch (error) {
    if (format !== 'jpeg' || !lacksEnd(error)) throw error;
    prepare();
    const whole = Buffer.concat([bytes, endOfImage]);
    return work(sharp(whole, { failOn: 'warning', limitInputPixels: maximumPixels, sequentialRead: true }));
  }
};
