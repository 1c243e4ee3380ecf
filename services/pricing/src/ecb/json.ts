import { unreadable } from './unreadable.ts';

/** What V8 passes to a reviver besides key and value (ECMA-262, "JSON.parse source text access"). */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Parses JSON with every number that is the first of its array as it was written: `1.10` stays `1.10`, nothing becomes a float. */
export const parseJson = (text: string): unknown => {
  const keepSource: SourceReviver = (key, value, { source }) =>
    key === '0' && typeof value === 'number' && source !== undefined ? source : value;
  try {
    return JSON.parse(text, keepSource as (this: unknown, key: string, value: unknown) => unknown);
  } catch (cause) {
    throw unreadable('it is not whole JSON', cause);
  }
};

export const asRecord = (value: unknown, otherwise: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(otherwise);
  return value as Record<string, unknown>;
};

export const asList = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw unreadable('it has something else where SDMX-JSON has a list');
  return value;
};

export const asText = (value: unknown): string => {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw unreadable('it has something else where SDMX-JSON has a value');
  return String(value);
};
