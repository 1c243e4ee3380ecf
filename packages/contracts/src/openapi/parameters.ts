import type { TObject } from 'typebox';
import type { AnyOperation } from '../operations/registry.ts';
import type { Json, JsonObject } from './hoist-schemas.ts';
import { plainSchema } from './plain-schema.ts';

/** Keywords that stand beside the schema in a parameter, or would be filled into an optional field by Swagger UI. */
const besideSchema = new Set(['description', 'examples', 'example']);

/** The parameters of an operation in the form of OpenAPI. */
export const parametersOf = ({ params, query, headers, examples }: AnyOperation): JsonObject[] => [
  ...parametersIn('path', params, examples?.params),
  ...parametersIn('query', query, examples?.query),
  ...parametersIn('header', headers, undefined),
];

const parametersIn = (
  place: 'path' | 'query' | 'header',
  schema: TObject | undefined,
  examples: Readonly<Record<string, Json>> | undefined,
): JsonObject[] =>
  Object.entries((schema?.properties ?? {}) as Record<string, JsonObject>).map(([name, property]) => {
    const isRequired = place === 'path' || ((schema?.required ?? []) as readonly string[]).includes(name);
    const example = examples?.[name];
    return {
      name,
      in: place,
      required: isRequired,
      ...(property.description === undefined ? {} : { description: property.description }),
      schema: Object.fromEntries(
        Object.entries(plainSchema(property) as JsonObject).filter(([key]) => !besideSchema.has(key)),
      ),
      ...(isRequired && example !== undefined ? { example } : {}),
      ...(place === 'query' && property.type === 'array' ? { style: 'form', explode: false } : {}),
    };
  });
