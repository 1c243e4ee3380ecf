import type { RawPicture } from './raw-picture.ts';

/** The words by which a refusal is known; see `asPictureError`. */
const unsupported = (what: string) => new Error(`BMP: ${what} is not supported`);
const broken = () => new Error('BMP: it is cut short');

interface Header {
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  /** Four bytes for each colour: blue, green, red, nothing. */
  readonly palette: Buffer;
}

/** BITMAPFILEHEADER and BITMAPINFOHEADER, or one of its successors, which begin like it (Windows, wingdi.h). */
const readHeader = (bytes: Buffer): Header => {
  if (bytes.length < 54) throw broken();
  const headerBytes = bytes.readUInt32LE(14);
  if (headerBytes < 40) throw unsupported('the header of OS/2');
  const height = bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(28);
  const compression = bytes.readUInt32LE(30);
  // Bit fields of 32 bits are in nearly all files those of plain pixels.
  if (compression !== 0 && !(compression === 3 && bits === 32)) throw unsupported(`compression ${compression}`);
  if (![1, 4, 8, 24, 32].includes(bits)) throw unsupported(`a depth of ${bits} bits`);
  const paletteStart = 14 + headerBytes;
  const colours = bits > 8 ? 0 : bytes.readUInt32LE(46) || 1 << bits;
  if (colours > 256) throw broken();
  return {
    offset: bytes.readUInt32LE(10),
    width: bytes.readInt32LE(18),
    height: Math.abs(height),
    isTopDown: height < 0,
    bits,
    palette: bytes.subarray(paletteStart, paletteStart + colours * 4),
  };
};

/**
 * Decodes an uncompressed Windows bitmap: with a palette, or of 24 or 32 bits.
 * @throws Error for anything else, and for more than `maximumPixels`, before a pixel is decoded
 */
export const decodeBmp = (bytes: Buffer, maximumPixels: number): RawPicture => {
  const { offset, width, height, isTopDown, bits, palette } = readHeader(bytes);
  if (width < 1 || height < 1) throw broken();
  if (width * height > maximumPixels) throw new Error('BMP: exceeds pixel limit');
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (offset + rowBytes * height > bytes.length) throw broken();
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = offset + rowBytes * (isTopDown ? row : height - 1 - row);
    for (let column = 0; column < width; column++) {
      let [source, from] = [bytes, start + (column * bits) / 8];
      if (bits <= 8) {
        const value = bytes[start + ((column * bits) >> 3)] ?? 0;
        const shift = 8 - bits - ((column * bits) & 7);
        [source, from] = [palette, ((value >> shift) & ((1 << bits) - 1)) * 4];
      }
      const target = (row * width + column) * 3;
      data[target] = source[from + 2] ?? 0;
      data[target + 1] = source[from + 1] ?? 0;
      data[target + 2] = source[from] ?? 0;
    }
  }
  return { data, width, height, channels: 3 };
};
