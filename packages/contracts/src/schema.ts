import { type Static, type TSchema, Type } from 'typebox';

/** A value that may be null, written so that OpenAPI 3.1 and JSON Schema agree on it. */
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** One of a few strings. More keywords may stand beside those of JSON Schema. */
export const StringEnum = <const Values extends readonly string[]>(
  values: Values,
  options: { description?: string; default?: Values[number]; [keyword: string]: unknown } = {},
) => Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

/**
 * One of a few names, where an unknown one is answered by its operation (404, with the nearest) and not by the validation of the request. The
 * document shows the names.
 */
export const NamedChoice = (values: readonly string[], options: { description: string }) =>
  Type.Unsafe<string>({ type: 'string', maxLength: 200, documentedEnum: [...values], ...options });

/** An instant in UTC, ISO 8601 with milliseconds: `2025-05-09T16:00:00.000Z`. */
export const Timestamp = Type.String({ format: 'date-time', examples: ['2025-05-09T16:00:00.000Z'] });

/** A calendar date: `2025-05-09`. */
export const CalendarDate = Type.String({ format: 'date', examples: ['2025-05-09'] });

/** An exact decimal number as a string: money and rates are never floats. */
export const DecimalString = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', examples: ['1.0842'] });

export type Timestamp = Static<typeof Timestamp>;

/** ISO 4217, alphabetic. */
export const CurrencyCode = Type.String({ pattern: '^[A-Z]{3}$', examples: ['USD'] });
