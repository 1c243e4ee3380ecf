import { createHash } from 'node:crypto';
import type { HistoryItem, InferenceModelRef } from '@vindima/contracts';
import { fromJson } from '@vindima/database';
import type { ClassificationTable } from '../db/tables.ts';
import { createIds } from './new-id.ts';

/** A classification on its way into the history. */
export interface HistoryRow extends ClassificationTable {
  /** For the event that tells of it; the table has them in `output`. */
  readonly probabilities: Readonly<Record<string, number>> | null;
  /** For the answer alone. */
  readonly warnings?: readonly string[];
  /** For the answer alone: what a model said that tells more than a class. */
  readonly prediction?: unknown;
}

export interface Classified {
  readonly model: InferenceModelRef;
  readonly source: HistoryItem['source'];
  readonly class: string | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
  /** JSON */
  readonly input: string;
  /** JSON */
  readonly output: string;
}

const newId = createIds();

/** Longest class that is kept as it is. */
const maximumClass = 200;

/** Larger values are kept as a summary; both together must leave a row small. */
const maximumJson = 16 * 1024;

/** Gives a classification its id, which has the time in it. */
export const toHistoryRow = ({ model, source, class: name, probabilities, input, output }: Classified): HistoryRow => ({
  id: newId(),
  model: model.name,
  version: model.version,
  source,
  class: name === null ? null : name.slice(0, maximumClass),
  input: input.length > maximumJson ? summarise(input) : input,
  output: output.length > maximumJson ? summarise(output) : output,
  probabilities,
});

const summarise = (json: string): string =>
  JSON.stringify({
    omitted: 'too large for the history',
    bytes: Buffer.byteLength(json),
    sha256: createHash('sha256').update(json).digest('hex'),
  });

/** @returns when an id was made: its first 48 bits are milliseconds since 1970 (RFC 9562, 5.7). */
export const timeOf = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));

/** @returns the least id that can have been made at a time or later. */
export const firstIdAt = (time: Date): string => {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
};

export const toHistoryItem = (row: ClassificationTable): HistoryItem => ({
  id: row.id,
  at: timeOf(row.id).toISOString(),
  model: { name: row.model, version: row.version },
  source: row.source as HistoryItem['source'],
  class: row.class,
  input: fromJson(row.input),
  output: fromJson(row.output),
});
