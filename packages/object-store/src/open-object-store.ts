import { resolve } from 'node:path';
import { openFolderObjectStore } from './folder/folder-object-store.ts';
import type { ObjectStoreLogger } from './logger.ts';
import type { ObjectStore } from './object-store.ts';
import { parseObjectStoreUrl } from './object-store-url.ts';

export type { ObjectStoreLogger } from './logger.ts';

export interface OpenObjectStoreOptions {
  readonly logger?: ObjectStoreLogger;
  /** Where relative folders begin; default: the working directory. */
  readonly baseDirectory?: string;
  /** For S3; default: what the AWS SDK finds (environment, profile, role). */
  readonly credentials?: S3Credentials;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Opens the store that a URL names: `file:data/lake`, `file:/srv/lake`, or
 * `s3://bucket/prefix?endpoint=http://host:8333&region=eu-central-1&path_style=true`. Makes the folder or the bucket when it
 * is missing and it may.
 * @throws ServiceError 400 `object_store.invalid_url`; 503 `object_store.unavailable` when the store cannot be used.
 */
export async function openObjectStore(url: string, options: OpenObjectStoreOptions = {}): Promise<ObjectStore> {
  const target = parseObjectStoreUrl(url);
  if (target.kind === 's3') {
    // The client of S3 is 33 MB of memory that a store in a folder does not need.
    const { openS3ObjectStore } = await import('./s3/s3-object-store.ts');
    return openS3ObjectStore(target, options.logger, options.credentials);
  }
  return openFolderObjectStore(resolve(options.baseDirectory ?? '.', target.path), options.logger);
}
