import sharp, { type Sharp } from 'sharp';

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
