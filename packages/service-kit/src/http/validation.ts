import { nearestName } from '@vindima/contracts';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import { isLarge } from './json/parser.ts';

// `verbose` puts the schema into the errors, for the names that it knows.
const options = { useDefaults: true, allErrors: true, strict: false, addUsedSchema: false, verbose: true } as const;

/**
 * Bodies are taken as they are: `"false"` is not `false`. Query strings, paths and headers are text, so numbers and
 * booleans are read from it, and an unknown query parameter is an error rather than a filter that silently does nothing
 * (a route that must tolerate them says `additionalProperties: true`).
 */
export const createValidatorCompiler = (): FastifySchemaCompiler<object> => {
  const exact = new Ajv(options);
  const first = new Ajv({ ...options, allErrors: false });
  const textual = new Ajv({ ...options, coerceTypes: 'array' });
  // ajv-formats is CommonJS: its default export is the module itself for Node and `.default` for TypeScript.
  for (const ajv of [exact, first, textual]) (addFormats as unknown as typeof addFormats.default)(ajv);
  return ({ schema, httpPart }) => {
    if (httpPart === 'body') return bodyValidator(() => exact.compile(schema), first.compile(schema));
    if (httpPart === 'querystring') return textual.compile({ additionalProperties: false, ...schema });
    return textual.compile(schema);
  };
};

/** Of a large body the first mistake alone is told: a million of them would be a million objects. */
const bodyValidator = (compileAll: () => ValidateFunction, first: ValidateFunction) => {
  let all: ValidateFunction | undefined;
  return (body: unknown) => {
    if (first(body)) return true;
    if (isLarge(body)) return { error: first.errors as never };
    all ??= compileAll();
    return all(body) ? true : { error: all.errors as never };
  };
};

export interface ValidationProblem {
  /** Where: `body.operations.0.type` */
  readonly path: string;
  readonly message: string;
}

/** Ajv's errors, as a person reads them. */
export const describeProblems = (part: string, errors: readonly ErrorObject[]): ValidationProblem[] =>
  errors.map((error) => {
    const place = [part, ...error.instancePath.split('/').slice(1)];
    if (error.keyword === 'required')
      return { path: [...place, error.params.missingProperty].join('.'), message: 'is required' };
    if (error.keyword === 'additionalProperties') {
      const name: string = error.params.additionalProperty;
      const meant = nearestName(name, Object.keys((error.parentSchema?.properties as object | undefined) ?? {}));
      return {
        path: [...place, name].join('.'),
        message: meant === undefined ? 'is not known' : `is not known (did you mean ${meant}?)`,
      };
    }
    if (error.keyword === 'enum') {
      return { path: place.join('.'), message: `must be one of ${error.params.allowedValues.join(', ')}` };
    }
    return { path: place.join('.'), message: error.message ?? 'is not valid' };
  });
