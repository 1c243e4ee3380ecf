import type { S3Credentials } from '@vindima/object-store';
import type { CommonConfig } from './common.ts';

/** The credentials of S3 that the configuration has; without a pair of them, the AWS SDK looks for its own (profile, role). */
export const s3Credentials = (
  config: Pick<CommonConfig, 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SESSION_TOKEN'>,
): { readonly credentials?: S3Credentials } => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = config;
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(token === undefined ? {} : { sessionToken: token }) } };
};
