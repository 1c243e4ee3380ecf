import type { Json } from './hoist-schemas.ts';

/** A schema as plain JSON. `$id` goes: the same schema may be in several places, an identifier only once in a document. */
export const plainSchema = (schema: unknown, isMap = false): Json => {
  if (Array.isArray(schema)) return schema.map((item) => plainSchema(item));
  if (typeof schema !== 'object' || schema === null) return schema as Json;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => value !== undefined && (isMap || key !== '$id'))
      // Under `properties`, names are the payload's own.
      .map(([key, value]) => [
        // What is taken is more than what is shown: see `NamedChoice`.
        !isMap && key === 'documentedEnum' ? 'enum' : key,
        plainSchema(value, !isMap && (key === 'properties' || key === 'patternProperties')),
      ]),
  );
};
