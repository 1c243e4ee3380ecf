import type { ImageFormat } from './image-format.ts';

/** Chunks of length, type, data and checksum behind the signature, the last one IEND (PNG specification, 5.3). */
const isWholePng = (bytes: Buffer): boolean => {
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const end = offset + 12 + bytes.readUInt32BE(offset);
    if (bytes.toString('latin1', offset + 4, offset + 8) === 'IEND') return end <= bytes.length;
    offset = end;
  }
  return false;
};

/** Bytes of a table of colours that the flags tell of (GIF89a, 18 and 20). */
const colourTableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

/** Blocks behind the screen's description, each ended by an empty sub-block, the last one the trailer (GIF89a, Appendix A). */
const isWholeGif = (bytes: Buffer): boolean => {
  const trailer = 0x3b;
  const image = 0x2c;
  const extension = 0x21;
  let offset = 13 + colourTableBytes(bytes[10] ?? 0);
  while (offset < bytes.length) {
    const kind = bytes[offset];
    if (kind === trailer) return true;
    if (kind !== image && kind !== extension) return false;
    offset += kind === extension ? 2 : 11 + colourTableBytes(bytes[offset + 9] ?? 0);
    for (let size = bytes[offset]; size !== 0; size = bytes[offset]) {
      if (size === undefined) return false;
      offset += size + 1;
    }
    offset += 1;
  }
  return false;
};

/**
 * Whether a file has its end, for formats of which the decoder reads no further than it needs: it takes a GIF whose later frames are missing,
 * and a PNG without its last bytes.
 */
export const isWhole = (bytes: Buffer, format: ImageFormat): boolean => {
  if (format === 'png') return isWholePng(bytes);
  return format === 'gif' ? isWholeGif(bytes) : true;
};
