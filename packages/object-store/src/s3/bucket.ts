import { S3Client } from '@aws-sdk/client-s3';
import type { S3Target } from '../object-store-url.ts';
import type { S3Credentials } from '../open-object-store.ts';

/** The part of a bucket that a store keeps its objects in. */
export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
  /** Before every key; empty, or ending with a slash. */
  readonly prefix: string;
  /** For messages. */
  readonly title: string;
}

const CONNECTION_TIMEOUT_MS = 5_000;
/** From the first byte of a request to the headers of its answer; the largest request is one part. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Without a byte in either direction; also ends a download whose reader has stopped reading. */
const IDLE_TIMEOUT_MS = 60_000;
const MAXIMUM_ATTEMPTS = 4;

/** Credentials that are not given come from the SDK's default chain: environment, shared files, web identity, container or instance role. */
export function connectToBucket(target: S3Target, credentials?: S3Credentials): Bucket {
  const { bucket, prefix, endpoint, region, pathStyle } = target;
  const client = new S3Client({
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: pathStyle,
    ...(endpoint === undefined ? {} : { endpoint, region: 'us-east-1' }),
    ...(region === undefined ? {} : { region }),
    maxAttempts: MAXIMUM_ATTEMPTS,
    // Since early 2025 the SDK adds a CRC32 to every upload, in an `aws-chunked` trailer where the body is a stream, and expects
    // one back. Many S3-compatible servers refuse that, or store the chunk headers as content. What is sent here is
    // covered without it: bodies are buffers, and the signature includes their SHA-256.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_TIMEOUT_MS,
    },
  });
  const at = endpoint === undefined ? '' : ` at ${endpoint}`;
  return { client, name: bucket, prefix, title: `The bucket "${bucket}"${at}` };
}
