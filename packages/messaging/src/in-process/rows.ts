import type { SQLOutputValue } from 'node:sqlite';
import type { Message } from '../bus.ts';

export type Row = Record<string, SQLOutputValue>;

/** @returns the attributes and the payload of a row of `messages` or `dead_letters`. */
export const toMessage = (row: Row): Message => ({
  id: String(row.id),
  subject: String(row.subject),
  type: String(row.type),
  source: String(row.source),
  time: String(row.time),
  ...(row.traceparent === null ? {} : { traceparent: String(row.traceparent) }),
  ...(row.reference === null ? {} : { reference: String(row.reference) }),
  payload: JSON.parse(String(row.payload)),
});
