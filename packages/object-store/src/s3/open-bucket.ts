import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { unavailable } from '../errors.ts';
import type { ObjectStoreLogger } from '../logger.ts';
import type { Bucket } from './bucket.ts';
import { probeBucket } from './probe-bucket.ts';

/** Makes the bucket when it is missing. Rejects when there is none in the end. */
export async function openBucket(bucket: Bucket, logger?: ObjectStoreLogger): Promise<void> {
  const found = await probeBucket(bucket);
  if (found === 'unknown') {
    logger?.warn({ bucket: bucket.name }, 'May not ask whether the bucket exists; assuming that it does');
  } else if (found === 'missing') {
    await createBucket(bucket, logger);
  }
}

/** @throws ServiceError 503 `object_store.unavailable` when there is no bucket. */
export async function checkBucket(bucket: Bucket): Promise<void> {
  if ((await probeBucket(bucket)) === 'missing') throw unavailable(`${bucket.title} does not exist.`, undefined);
}

async function createBucket(bucket: Bucket, logger?: ObjectStoreLogger): Promise<void> {
  try {
    await bucket.client.send(new CreateBucketCommand({ Bucket: bucket.name }));
    logger?.info({ bucket: bucket.name }, 'Created the bucket');
  } catch (error) {
    // Another process was faster. Amazon then says "owned by you"; other servers do not tell whose the bucket is, so ask again.
    const isTaken = error instanceof Error && ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(error.name);
    if (!isTaken || (await probeBucket(bucket)) !== 'there') throw error;
  }
}
