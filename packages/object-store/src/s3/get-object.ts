import { tooLarge } from '../errors.ts';
import type { Bucket } from './bucket.ts';
import { openObject } from './open-object.ts';

/** @throws ServiceError 404; 413 `object_store.too_large`, by the announced size and again while reading. */
export async function getObject(bucket: Bucket, key: string, maximumBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const { stream, size } = await openObject(bucket, key);
  try {
    if (size !== undefined && size > maximumBytes) throw tooLarge(key, size, maximumBytes);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maximumBytes) throw tooLarge(key, bytes, maximumBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, bytes);
  } finally {
    stream.destroy();
  }
}
