import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { contentTypeOf } from '../content-type.ts';
import type { ObjectInfo } from '../object-store.ts';
import type { Bucket } from './bucket.ts';
import { isMissingObject } from './s3-errors.ts';

/** @returns undefined when there is no such object. */
export async function headObject({ client, name, prefix }: Bucket, key: string): Promise<ObjectInfo | undefined> {
  try {
    const found = await client.send(new HeadObjectCommand({ Bucket: name, Key: prefix + key }));
    return {
      key,
      size: found.ContentLength ?? 0,
      contentType: found.ContentType ?? contentTypeOf(key),
      lastModified: found.LastModified ?? new Date(0),
      etag: unquote(found.ETag),
    };
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

/**
 * S3's etags travel in quotes. They are the content's MD5, or, of an upload in parts, a digest of the parts' digests
 * with their number: they tell versions apart and must not be compared with a digest of the content.
 */
export function unquote(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}
