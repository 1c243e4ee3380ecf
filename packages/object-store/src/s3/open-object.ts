import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { invalidRange, notFound } from '../errors.ts';
import type { ByteRange } from '../object-store.ts';
import type { Bucket } from './bucket.ts';
import { isMissingObject, statusOf } from './s3-errors.ts';

/**
 * Opens an object; the caller uses the stream up or destroys it.
 * @throws ServiceError 404 `object_store.not_found`; 416 `object_store.invalid_range`.
 */
export async function openObject(
  { client, name, prefix, title }: Bucket,
  key: string,
  range?: ByteRange,
): Promise<{ stream: Readable; size: number | undefined }> {
  const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end ?? ''}`;
  const answer = await client
    .send(new GetObjectCommand({ Bucket: name, Key: prefix + key, Range }))
    .catch((error: unknown) => {
      if (isMissingObject(error)) throw notFound(key, error);
      if (statusOf(error) === 416) throw invalidRange(key, 'it begins behind the last byte', error);
      throw error;
    });
  if (!(answer.Body instanceof Readable)) throw new Error(`${title} answered without a stream`);
  if (range !== undefined && answer.$metadata.httpStatusCode !== 206) {
    answer.Body.destroy();
    throw new Error(`${title} does not support ranges: it answered with the whole object`);
  }
  return { stream: answer.Body, size: answer.ContentLength };
}
