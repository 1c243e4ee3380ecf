import { invalidRange } from './errors.ts';
import type { ByteRange } from './object-store.ts';

/** Refuses what is no range at all, before anything is opened. @throws ServiceError 416 `object_store.invalid_range`. */
export function validateRange(key: string, { start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || start < 0) throw invalidRange(key, `${start} is no position of a byte`);
  if (end === undefined) return;
  if (!Number.isSafeInteger(end)) throw invalidRange(key, `${end} is no position of a byte`);
  if (end < start) throw invalidRange(key, `its end, ${end}, lies before its start, ${start}`);
}

/**
 * Refuses a range that begins behind the last byte, as HTTP does (RFC 9110, 14.1.2): an empty object has no byte, so
 * every range of it is refused. An end behind the last byte is no error.
 */
export function validateRangeStart(key: string, range: ByteRange, size: number): void {
  if (range.start >= size) throw invalidRange(key, `it begins at ${range.start}, and the object has ${size} bytes`);
}
