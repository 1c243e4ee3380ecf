import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One request, and what the platform of that release answered. */
export interface Recollection {
  /** The user or the key that asked, by its name. */
  readonly who: string;
  readonly path: string;
  /** Sent as JSON by POST. */
  readonly body?: unknown;
  readonly status: number;
  /** What the answer was: today's may say more, and lists may have grown. */
  readonly json?: unknown;
  /** Of an answer that is a file. */
  readonly sha256?: string;
}

/** Everything that a test has to find in the data of a release. */
export interface Memory {
  readonly passwords: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
  readonly answers: readonly Recollection[];
}

/** What is promised to stay of a release, besides its data. */
export interface Surface {
  /** By database. */
  readonly migrations: Readonly<Record<string, readonly string[]>>;
  /** By database and table. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** `subject type`. */
  readonly messages: readonly string[];
  /** By service. */
  readonly metrics: Readonly<Record<string, readonly string[]>>;
  /** `METHOD /path`. */
  readonly operations: readonly string[];
  /** Codes of errors and kinds of jobs. */
  readonly codes: readonly string[];
}

export const fixtures = join(import.meta.dirname, '../../fixtures');
export const readFixture = <Content>(release: string, name: string): Content =>
  JSON.parse(readFileSync(join(fixtures, release, name), 'utf8')) as Content;

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

// What is so only in the process that says it, or changes by being looked at.
const fleeting = new Set(['request_id', 'in_memory', 'loaded', 'last_used_at', 'next_cursor', 'stale', 'age_seconds']);

/** An answer without what says nothing of the data. */
export const lasting = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !fleeting.has(name))
      .map(([name, part]) => [name, lasting(part)]),
  );
};

/**
 * What of `expected` is not in `actual`, by its path: fields and items may be added, none may be missing or another.
 */
export const missing = (expected: unknown, actual: unknown, path = ''): string[] => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path}: no list`];
    return expected.flatMap((item, index) =>
      missing(item, actual[index]).length === 0 || actual.some((other) => missing(item, other).length === 0)
        ? []
        : [`${path}[${index}]: ${JSON.stringify(item)}`],
    );
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${path}: no object`];
    return Object.entries(expected).flatMap(([name, part]) =>
      missing(part, (actual as Record<string, unknown>)[name], `${path}.${name}`),
    );
  }
  return Object.is(expected, actual)
    ? []
    : [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
};
