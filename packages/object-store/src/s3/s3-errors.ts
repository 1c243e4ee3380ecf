import { S3ServiceException } from '@aws-sdk/client-s3';
import { ServiceError } from '@vindima/contracts';
import { unavailable } from '../errors.ts';
import type { Bucket } from './bucket.ts';

/** @returns the HTTP status that the server answered with, if it answered. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** A missing bucket is a 404 as well, but no missing object. */
export function isMissingObject(error: unknown): boolean {
  return statusOf(error) === 404 && error instanceof Error && error.name !== 'NoSuchBucket';
}

/** Turns what the SDK throws into an error that says which store failed; anything else stays as it is. */
export function asS3Error(bucket: Bucket, error: unknown): unknown {
  if (error instanceof ServiceError || !(error instanceof Error)) return error;
  return unavailable(`${bucket.title} failed: ${reasonOf(error)}.`, error);
}

function reasonOf(error: Error): string {
  const status = statusOf(error);
  if (status === undefined) return [error.message, codeOf(error)].filter((part) => part !== '').join(' ') || error.name;
  if (status === 403) return `it denies access (${error.name}: ${error.message})`;
  return `it answered ${status} ${error.name}: ${error.message}`;
}

/** A refused connection has its address in an error without a message (Node's AggregateError). */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' && !error.message.includes(error.code) ? error.code : '';
}
