import { ServiceError } from '@vindima/contracts';

const invalid = () => new ServiceError(400, 'images.invalid_base64', 'The data is not base64.');

/** Reads base64 (standard or URL-safe, padded or not, in lines or not) or a `data:` URL with it. @throws 400 `images.invalid_base64` */
export const decodeBase64 = (text: string): Buffer => {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  if (start === 0 && text.startsWith('data:')) throw invalid();
  const encoded = text.slice(start);
  // Buffer skips what is not base64: what remains tells whether anything was skipped.
  const bytes = Buffer.from(encoded, 'base64');
  const digits = encoded.length - (encoded.match(/[\s=]/g)?.length ?? 0);
  if (bytes.length !== Math.floor((digits * 3) / 4) || digits % 4 === 1) throw invalid();
  return bytes;
};
