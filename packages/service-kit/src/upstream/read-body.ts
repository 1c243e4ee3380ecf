import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';

/** Reads and decodes a body of a bounded size: a small compressed answer can be a large one. */
export const readBody = async (
  stream: Readable,
  headers: Readonly<Record<string, string>>,
  maximumBytes: number,
): Promise<Buffer | 'too large'> => {
  const decoded = decode(stream, headers['content-encoding']);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded) {
    size += chunk.length;
    if (size > maximumBytes) {
      stream.destroy();
      return 'too large';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
};

const decode = (stream: Readable, encoding: string | undefined): Readable => {
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : undefined;
  if (decoder === undefined) return stream;
  stream.once('error', (error) => decoder.destroy(error));
  return stream.pipe(decoder);
};
