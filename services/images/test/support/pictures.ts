import sharp from 'sharp';
import { type ImageFormat, imageFormats } from '../../src/picture/image-format.ts';

/** A made-up street with things that the network knows: a traffic light, a sun like a ball, a stop sign. */
const scene = (width: number, height: number) => `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="${width}" height="${height}" preserveAspectRatio="none">
  <defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#6aa7e8"/><stop offset="1" stop-color="#dfeefc"/></linearGradient></defs>
  <rect width="512" height="512" fill="url(#sky)"/>
  <rect y="360" width="512" height="152" fill="#666"/>
  <rect x="70" y="120" width="14" height="300" fill="#333"/>
  <rect x="48" y="80" width="58" height="150" rx="10" fill="#222"/>
  <circle cx="77" cy="108" r="18" fill="#e22"/><circle cx="77" cy="155" r="18" fill="#542"/><circle cx="77" cy="202" r="18" fill="#252"/>
  <rect x="391" y="250" width="10" height="190" fill="#888"/>
  <polygon points="366,160 426,160 468,202 468,262 426,304 366,304 324,262 324,202" fill="#fff"/>
  <polygon points="369,167 423,167 461,205 461,259 423,297 369,297 331,259 331,205" fill="#c11"/>
  <text x="396" y="252" font-family="sans-serif" font-weight="bold" font-size="56" fill="#fff" text-anchor="middle">STOP</text>
</svg>`;

// Drawn when the module is loaded: the guard switches libvips' reader of SVG off for the whole process.
const base = await sharp(Buffer.from(scene(512, 512)))
  .removeAlpha()
  .png()
  .toBuffer();

const drawn = (width: number, height: number) => sharp(base).resize(width, height, { fit: 'fill' });

/** RGB bytes of the scene. */
export const drawScene = async (width: number, height: number): Promise<Uint8Array> =>
  new Uint8Array(await drawn(width, height).raw().toBuffer());

/** A Windows bitmap of 24 bits, bottom up. */
const encodeBmp = (pixels: Uint8Array, width: number, height: number): Buffer => {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let row = 0; row < height; row++) {
    for (let index = 0; index < width * 3; index++) {
      const channel = index % 3;
      const value = pixels[row * width * 3 + index - channel + (2 - channel)] ?? 0;
      file[54 + (height - 1 - row) * rowBytes + index] = value;
    }
  }
  return file;
};

/** Nothing here writes HEVC. */
export const drawnFormats = imageFormats.filter((format) => format !== 'heic');
export type DrawnFormat = Exclude<ImageFormat, 'heic'>;

/** The scene as a file. */
export const drawFile = async (format: DrawnFormat, width = 512, height = 512): Promise<Buffer> =>
  format === 'bmp'
    ? encodeBmp(await drawScene(width, height), width, height)
    : drawn(width, height).toFormat(format).toBuffer();

/** A picture of one colour, in which there is nothing to find. */
export const plainFile = (background: string, width = 40, height = 30): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
