import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { isValidKey } from '../keys.ts';
import type { ObjectEntry } from '../object-store.ts';
import type { Bucket } from './bucket.ts';
import { unquote } from './head-object.ts';

/** Reads a page of at most a thousand objects when the one before is used up. */
export async function* listObjects({ client, name, prefix }: Bucket, keyPrefix: string): AsyncGenerator<ObjectEntry> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: name, Prefix: prefix + keyPrefix, ContinuationToken: token }),
    );
    for (const { Key, Size, LastModified, ETag } of page.Contents ?? []) {
      const key = Key?.slice(prefix.length) ?? '';
      // Others' objects, for example the `folder/` with which some tools mark an empty folder.
      if (!isValidKey(key)) continue;
      yield {
        key,
        size: Size ?? 0,
        lastModified: LastModified ?? new Date(0),
        etag: unquote(ETag),
      };
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
