import { ServiceError } from '@vindima/contracts';

/** S3 allows 1024; the rest is room for a store's own prefix. */
const MAXIMUM_KEY_BYTES = 900;

/** Control characters and the two noncharacters that XML, and so S3's listings, cannot carry. */
const FORBIDDEN = /[\p{Cc}\\\uFFFE\uFFFF]/u;

/** @throws ServiceError 400 `object_store.invalid_key`, saying which rule of the port the key breaks. */
export function validateKey(key: string): void {
  const problem = problemOfKey(key);
  if (problem !== undefined) throw invalidKey('key', key, problem);
}

/** Whether a store could have this object: what others keep in a bucket may have any name. */
export function isValidKey(key: string): boolean {
  return problemOfKey(key) === undefined;
}

/** A prefix is the beginning of a key: its last segment may be cut anywhere, even to nothing. */
export function validatePrefix(prefix: string): void {
  const problem = problemOf(prefix) ?? problemOfSegments(prefix.split('/').slice(0, -1));
  if (problem !== undefined) throw invalidKey('prefix', prefix, problem);
}

/** Orders keys by their UTF-8 bytes, as S3 does; JavaScript's own order differs beyond U+FFFF. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function problemOfKey(key: string): string | undefined {
  return key === '' ? 'it is empty' : (problemOf(key) ?? problemOfSegments(key.split('/')));
}

function problemOf(key: string): string | undefined {
  // Length first: a hostile megabyte is not worth a regular expression.
  if (key.length > MAXIMUM_KEY_BYTES || Buffer.byteLength(key) > MAXIMUM_KEY_BYTES) {
    return `it is longer than ${MAXIMUM_KEY_BYTES} bytes`;
  }
  if (!key.isWellFormed()) return 'it is not valid Unicode';
  if (FORBIDDEN.test(key)) return 'it contains a control character or a backslash';
  return undefined;
}

function problemOfSegments(segments: readonly string[]): string | undefined {
  if (segments.includes('')) return 'it has an empty segment (a slash at an end, or two in a row)';
  if (segments.includes('.') || segments.includes('..')) return 'it has a segment "." or ".."';
  return undefined;
}

function invalidKey(what: 'key' | 'prefix', value: string, problem: string): ServiceError {
  const shown = JSON.stringify(value.slice(0, 100));
  return new ServiceError(400, 'object_store.invalid_key', `The ${what} ${shown} cannot be used: ${problem}.`);
}
