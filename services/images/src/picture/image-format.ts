/** What the service takes, by the names that its answers use. */
export const imageFormats = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff', 'heic', 'bmp'] as const;
export type ImageFormat = (typeof imageFormats)[number];

export const contentTypes: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  tiff: 'image/tiff',
  heic: 'image/heic',
  bmp: 'image/bmp',
};

export const fileExtensions: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  tiff: 'tiff',
  heic: 'heic',
  bmp: 'bmp',
};

/** Brands of an ISO base media file (`ftyp` box) that say AV1 image; HEIC has others. */
const avifBrands = new Set(['avif', 'avis']);

/** HEVC still pictures (ISO/IEC 23008-12, annex B). */
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx']);

const hasBrand = (bytes: Buffer, brands: ReadonlySet<string>): boolean => {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return false;
  const boxLength = Math.min(bytes.readUInt32BE(0), 256, bytes.length);
  // Major brand at 8, minor version at 12, compatible brands from 16.
  for (let offset = 8; offset + 4 <= boxLength; offset += offset === 8 ? 8 : 4) {
    if (brands.has(bytes.toString('latin1', offset, offset + 4))) return true;
  }
  return false;
};

/**
 * Tells a picture's format by its first bytes (the formats' own signatures). Names and declared types are not believed.
 * @returns undefined for anything that the service does not take, SVG among it
 */
export const detectFormat = (bytes: Buffer): ImageFormat | undefined => {
  const signature = bytes.toString('latin1', 0, 12);
  if (signature.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (signature.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^RIFF.{4}WEBP/s.test(signature)) return 'webp';
  if (/^GIF8[79]a/.test(signature)) return 'gif';
  if (/^(II[*+]\0|MM\0[*+])/.test(signature)) return 'tiff';
  // The length of the file, and two numbers that are reserved.
  if (signature.startsWith('BM') && bytes.length >= 10 && bytes.readUInt32LE(6) === 0) return 'bmp';
  if (bytes.length < 16) return undefined;
  if (hasBrand(bytes, avifBrands)) return 'avif';
  return hasBrand(bytes, heicBrands) ? 'heic' : undefined;
};
