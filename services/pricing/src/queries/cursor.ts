import { createHash } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import type { KnownAt } from '../db/recordings.ts';

/** Where the next page begins: everything that the page before was answered from, so that all pages are of one moment. */
export interface Position {
  readonly known: KnownAt;
  readonly from: string;
  readonly to: string;
  /** Items before it. */
  readonly offset: number;
}

/** Makes sure that a cursor comes back with the question that it was given for. */
const fingerprint = (question: unknown) =>
  createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);

export const writeCursor = ({ known, from, to, offset }: Position, question: unknown): string =>
  Buffer.from(JSON.stringify([known.sequence, known.recordedAt, from, to, offset, fingerprint(question)])).toString(
    'base64url',
  );

/** @throws ServiceError 400 `pricing.invalid_cursor` */
export const readCursor = (cursor: string, question: unknown): Position => {
  const refuse = (cause?: unknown) =>
    new ServiceError(400, 'pricing.invalid_cursor', 'The cursor is not one of this question.', { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    throw refuse(cause);
  }
  if (!Array.isArray(parsed)) throw refuse();
  const [sequence, recordedAt, from, to, offset, print] = parsed as unknown[];
  if (
    !isCount(sequence) ||
    !isCount(offset) ||
    typeof recordedAt !== 'string' ||
    typeof from !== 'string' ||
    typeof to !== 'string' ||
    print !== fingerprint(question)
  ) {
    throw refuse();
  }
  return { known: { sequence, recordedAt }, from, to, offset };
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
