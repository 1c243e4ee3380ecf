import { addAbortSignal, Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { contentTypeOf } from '../content-type.ts';
import type { ObjectStoreLogger } from '../logger.ts';
import type { ObjectInfo, PutOptions } from '../object-store.ts';
import type { Bucket } from './bucket.ts';
import { headObject, unquote } from './head-object.ts';
import { partsOf } from './parts.ts';
import { uploadParts } from './upload-parts.ts';

/** S3 takes parts from 5 MiB on. With at most 10,000 of them an object has at most 78 GiB. */
const PART_BYTES = 8 * 1024 * 1024;

/** Sends what fits into one part as one request, and anything larger in parts. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: Uint8Array | Readable,
  { contentType = contentTypeOf(key), signal }: PutOptions,
  logger: ObjectStoreLogger | undefined,
): Promise<ObjectInfo> {
  // A source that hangs is ended by the signal too, not only the requests.
  if (signal !== undefined && body instanceof Readable) addAbortSignal(signal, body);
  const parts = partsOf(body, PART_BYTES);
  const first = (await parts.next()).value ?? new Uint8Array(0);
  const second = first.byteLength < PART_BYTES ? undefined : (await parts.next()).value;
  const target = { Bucket: bucket.name, Key: bucket.prefix + key, ContentType: contentType };

  let stored: { etag: string | undefined; size: number };
  if (second === undefined) {
    const command = new PutObjectCommand({ ...target, Body: first, ContentLength: first.byteLength });
    const answer = await bucket.client.send(command, signal === undefined ? {} : { abortSignal: signal });
    stored = { etag: answer.ETag, size: first.byteLength };
  } else {
    stored = await uploadParts(bucket.client, target, startWith([first, second], parts), signal, logger);
  }
  const info = { key, size: stored.size, contentType, lastModified: new Date(), etag: unquote(stored.etag) };
  // The time is the server's to tell. But the object is stored: not being told must not look like a put that failed.
  const found = await headObject(bucket, key).catch((error: unknown) => {
    logger?.warn({ error, key }, 'Stored an object, but could not ask for its time');
    return undefined;
  });
  return found?.etag === info.etag ? { ...info, lastModified: found.lastModified } : info;
}

async function* startWith(first: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}
