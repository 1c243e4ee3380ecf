import { HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { statusOf } from './s3-errors.ts';

/**
 * Asks whether the bucket can be used. `unknown`: these credentials may not ask, which credentials for objects alone need not.
 * Rejects when the server does not answer, or takes nothing at all with these credentials.
 */
export async function probeBucket({ client, name, prefix }: Bucket): Promise<'there' | 'missing' | 'unknown'> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
    return 'there';
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return 'missing';
    if (status !== 403) throw error;
  }
  // The answer to a HEAD has no body, so that a wrong secret looks like a missing permission; a listing tells them apart.
  try {
    await client.send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix, MaxKeys: 1 }));
    return 'there';
  } catch (error) {
    if (statusOf(error) === 403 && error instanceof Error && error.name === 'AccessDenied') return 'unknown';
    throw error;
  }
}
