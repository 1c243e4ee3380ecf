import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { validateRange } from '../byte-range.ts';
import { validateKey, validatePrefix } from '../keys.ts';
import type { ObjectStoreLogger } from '../logger.ts';
import type { ObjectStore } from '../object-store.ts';
import type { S3Target } from '../object-store-url.ts';
import type { S3Credentials } from '../open-object-store.ts';
import { guardBody } from '../put-body.ts';
import { connectToBucket } from './bucket.ts';
import { getObject } from './get-object.ts';
import { headObject } from './head-object.ts';
import { listObjects } from './list-objects.ts';
import { checkBucket, openBucket } from './open-bucket.ts';
import { openObject } from './open-object.ts';
import { putObject } from './put-object.ts';
import { asS3Error } from './s3-errors.ts';

/**
 * Keeps objects in a bucket of S3 or of a server that speaks its protocol; makes the bucket when it is missing.
 * @throws ServiceError 503 `object_store.unavailable` when there is no bucket in the end, or no server.
 */
export async function openS3ObjectStore(
  target: S3Target,
  logger?: ObjectStoreLogger,
  credentials?: S3Credentials,
): Promise<ObjectStore> {
  const bucket = connectToBucket(target, credentials);
  /** Every failure of the server or the network leaves here as a ServiceError that names the store. */
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw asS3Error(bucket, error);
    }
  };

  try {
    await guarded(() => openBucket(bucket, logger));
  } catch (error) {
    bucket.client.destroy();
    throw error;
  }

  return {
    put: (key, body, options = {}) =>
      guardBody(body, options.signal, async () => {
        validateKey(key);
        return guarded(() => putObject(bucket, key, body, options, logger));
      }),

    get: (key, { maximumBytes } = {}) =>
      guarded(async () => {
        validateKey(key);
        return getObject(bucket, key, maximumBytes);
      }),

    stream: (key, range) =>
      guarded(async () => {
        validateKey(key);
        if (range !== undefined) validateRange(key, range);
        return (await openObject(bucket, key, range)).stream;
      }),

    head: (key) =>
      guarded(async () => {
        validateKey(key);
        return headObject(bucket, key);
      }),

    async *list(prefix) {
      validatePrefix(prefix);
      try {
        yield* listObjects(bucket, prefix);
      } catch (error) {
        throw asS3Error(bucket, error);
      }
    },

    delete: (key) =>
      guarded(async () => {
        validateKey(key);
        await bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: bucket.prefix + key }));
      }),

    check: () => guarded(() => checkBucket(bucket)),

    close: async () => bucket.client.destroy(),
  };
}
