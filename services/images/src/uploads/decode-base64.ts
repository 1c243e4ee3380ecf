import { ServiceError } from '@vindima/contracts';

const invalid = () => new ServiceError(400, 'images.invalid_base64', 'The data is not base64.');

/** Reads base64 (standard or URL-safe, padded or not, in lines or not) or a `data:` URL with it. @throws 400 `images.invalid_base64` */
export const decodeBase64 = (text: string): Buffer => {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  if (start === 0 && text.startsWith('data:')) throw invalid();
  const encoded = text.slice(start);
  // Buffer skips what is not base64: what remains tells whether anything was skipped.
  const bytes = Buffer.from(encoded, 'base64');
  const padding = encoded.endsWith('==') ? 2 : Number(encoded.endsWith('='));
  const length = encoded.length - padding;
  if (bytes.length === Math.floor((length * 3) / 4) && length % 4 !== 1) return bytes;
  const others = encoded.length - Math.ceil((bytes.length * 4) / 3);
  // Nothing of that kind is worth being counted.
  if (others > encoded.length / 2 + 64) throw invalid();
  const digits = encoded.length - countSpaces(encoded);
  if (bytes.length !== Math.floor((digits * 3) / 4) || digits % 4 === 1) throw invalid();
  return bytes;
};

/** Breaks, spaces, tabs and `=`. A match for each would be millions of objects. */
const countSpaces = (text: string): number => {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charCodeAt(index);
    if (sign <= 0x20 ? sign === 0x20 || (sign >= 0x09 && sign <= 0x0d) : sign === 0x3d) count += 1;
  }
  return count;
};
