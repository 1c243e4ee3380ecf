import { ServiceError } from '@vindima/contracts';
import { validateKey } from './keys.ts';

export interface FolderTarget {
  readonly kind: 'folder';
  /** Absolute, or relative to the base directory. */
  readonly path: string;
}

export interface S3Target {
  readonly kind: 's3';
  readonly bucket: string;
  /** Empty, or ending with a slash. */
  readonly prefix: string;
  /** Unset: Amazon's own. */
  readonly endpoint?: string;
  /** Unset: from the environment (`AWS_REGION`, profile). */
  readonly region?: string;
  /** `http://host/bucket` instead of `http://bucket.host`; the default wherever an endpoint is given. */
  readonly pathStyle: boolean;
}

const S3_PARAMETERS: readonly string[] = ['endpoint', 'region', 'path_style'];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @throws ServiceError 400 `object_store.invalid_url`, saying what is wrong; the URL holds no secrets, so it is shown. */
export function parseObjectStoreUrl(url: string): FolderTarget | S3Target {
  if (url.startsWith('file:')) return { kind: 'folder', path: parseFolder(url) };
  if (url.startsWith('s3:')) return parseS3(url);
  throw invalidUrl(url, 'it begins with neither "file:" nor "s3://"');
}

function parseFolder(url: string): string {
  // Two slashes would make the first folder a host; file:///srv/lake is the long form of file:/srv/lake.
  const path = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '') throw invalidUrl(url, 'it names no folder');
  if (path.startsWith('//'))
    throw invalidUrl(url, 'a folder on another host cannot be used; write file:/path or file:path');
  if (/[?#\0]/.test(path)) throw invalidUrl(url, 'a folder has no parameters ("?", "#")');
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidUrl(
      url,
      'it has a "%" that no two hexadecimal digits of UTF-8 follow (write "%25" for the sign itself)',
    );
  }
}

function parseS3(url: string): S3Target {
  if (!URL.canParse(url)) throw invalidUrl(url, 'it is not a URL');
  const { host, username, pathname, searchParams, hash } = new URL(url);
  if (username !== '') {
    // Not shown: what stands there is a secret.
    throw invalidUrl('s3://***', 'credentials do not belong in it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  }
  if (!BUCKET.test(host)) throw invalidUrl(url, `"${host}" is no bucket name`);
  if (hash !== '') throw invalidUrl(url, 'it has a "#" part');
  for (const name of searchParams.keys()) {
    if (S3_PARAMETERS.includes(name) && searchParams.getAll(name).length === 1) continue;
    throw invalidUrl(url, `its parameter "${name}" is unknown or given twice; there are ${S3_PARAMETERS.join(', ')}`);
  }
  const endpoint = parseEndpoint(url, searchParams.get('endpoint'));
  const region = searchParams.get('region') ?? undefined;
  if (region !== undefined && !/^[a-z0-9-]{1,40}$/.test(region)) throw invalidUrl(url, `"${region}" is no region`);
  return {
    kind: 's3',
    bucket: host,
    prefix: parsePrefix(url, pathname),
    pathStyle: parsePathStyle(url, searchParams.get('path_style')) ?? endpoint !== undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
}

function parsePrefix(url: string, pathname: string): string {
  let prefix: string;
  try {
    prefix = decodeURIComponent(pathname.replace(/^\//, '').replace(/\/$/, ''));
    if (prefix !== '') validateKey(prefix);
  } catch (error) {
    const reason =
      error instanceof ServiceError ? error.message : 'a "%" that no two hexadecimal digits of UTF-8 follow';
    throw invalidUrl(url, `its prefix cannot be used: ${reason}`);
  }
  if (Buffer.byteLength(prefix) > 100) throw invalidUrl(url, 'its prefix is longer than 100 bytes');
  return prefix === '' ? '' : `${prefix}/`;
}

function parseEndpoint(url: string, value: string | null): string | undefined {
  if (value === null) return undefined;
  const endpoint = URL.canParse(value) ? new URL(value) : undefined;
  if (endpoint === undefined || !['http:', 'https:'].includes(endpoint.protocol)) {
    throw invalidUrl(url, `its endpoint "${value}" is no http or https URL`);
  }
  return endpoint.href;
}

function parsePathStyle(url: string, value: string | null): boolean | undefined {
  if (value === null) return undefined;
  if (value !== 'true' && value !== 'false') throw invalidUrl(url, `path_style is "${value}", not true or false`);
  return value === 'true';
}

function invalidUrl(url: string, problem: string): ServiceError {
  const message = `${JSON.stringify(url.slice(0, 200))} is no object store: ${problem}. Write file:data/lake or s3://bucket?endpoint=http://host:8333.`;
  return new ServiceError(400, 'object_store.invalid_url', message);
}
