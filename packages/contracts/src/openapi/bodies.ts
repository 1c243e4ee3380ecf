import type { FormBody, OperationAnswer, OperationErrors } from '../operations/define-operation.ts';
import { bodyIsRequired } from '../operations/places.ts';
import type { AnyOperation } from '../operations/registry.ts';
import type { Json, JsonObject } from './hoist-schemas.ts';
import { plainSchema } from './plain-schema.ts';

/** A file. OpenAPI 3.1 would say it by the media type alone; `format` is what Swagger UI and generators look for. */
const binary: JsonObject = { type: 'string', format: 'binary' };

/** The body of a request in the form of OpenAPI. */
export const requestBodyOf = (operation: AnyOperation): JsonObject | undefined => {
  const { body, examples } = operation;
  if (body === undefined) return undefined;
  const content: JsonObject = {};
  // The first is what Swagger UI offers: a picker of files, where a file is what is meant.
  const form = body.form === undefined ? {} : { 'multipart/form-data': formContent(body.form, examples?.fields) };
  if (!body.optional) Object.assign(content, form);
  if (body.json !== undefined) {
    content['application/json'] = {
      schema: plainSchema(body.json),
      ...(examples?.body === undefined ? {} : { example: examples.body as Json }),
    };
  }
  if (body.optional) Object.assign(content, form);
  for (const type of body.file ?? []) content[type] = { schema: binary };
  return { required: bodyIsRequired(operation), content };
};

const formContent = (
  { files, fields }: FormBody,
  example: Readonly<Record<string, unknown>> | undefined,
): JsonObject => {
  const parts = Object.entries(files).map(([name, { description, many }]): [string, JsonObject] => [
    name,
    many ? { type: 'array', items: binary, minItems: 1, description } : { ...binary, description },
  ]);
  const { properties = {}, required = [] } = (fields === undefined ? {} : plainSchema(fields)) as {
    properties?: JsonObject;
    required?: string[];
  };
  const withoutExamples = Object.entries(properties).map(([name, property]): [string, Json] => {
    const { examples: _, ...rest } = property as JsonObject;
    return [name, rest];
  });
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries([...parts, ...withoutExamples]),
      required: [...parts.map(([name]) => name), ...required],
    },
    ...(example === undefined ? {} : { example: example as Json }),
  };
};

/** The answers of an operation in the form of OpenAPI, errors by their status with an example for each code. */
export const responsesOf = (operation: AnyOperation, errors: OperationErrors, errorSchema: JsonObject): JsonObject => {
  const responses: JsonObject = {};
  for (const [status, answer] of Object.entries(operation.answers)) {
    responses[status] = responseOf(operation, answer, Number(status) < 300 ? operation.examples?.answer : undefined);
  }
  for (const [code, [status, sentence]] of Object.entries(errors)) {
    const response = (responses[status] ?? { description: '', content: {} }) as JsonObject;
    const content = ((response.content ?? {}) as JsonObject)['application/json'] as JsonObject | undefined;
    const description = String(response.description);
    responses[status] = {
      description: description === '' ? sentence : `${description} ${sentence}`,
      content: {
        ...(response.content as JsonObject | undefined),
        'application/json': {
          schema: withError(operation, status, content?.schema, errorSchema),
          examples: { ...(content?.examples as JsonObject | undefined), [code]: exampleOf(code, status, sentence) },
        },
      },
    };
  }
  return responses;
};

/** A status that the operation itself answers with may be an error's too. */
const withError = (
  { service, name, answers }: AnyOperation,
  status: number,
  schema: Json | undefined,
  errorSchema: JsonObject,
): JsonObject => {
  if (schema === undefined) return errorSchema;
  const isOwn = answers[status]?.json !== undefined && !(schema as JsonObject).anyOf;
  const title = `${capitalised(service)}${capitalised(name)}Answer${status}`;
  return isOwn ? { title, anyOf: [schema, errorSchema] } : (schema as JsonObject);
};

const responseOf = (
  { service, name }: AnyOperation,
  { description, json, file = [], events }: OperationAnswer,
  example: unknown,
): JsonObject => {
  const content: JsonObject = {};
  if (json !== undefined) {
    const schema = plainSchema(json) as JsonObject;
    const isNamed = schema.title !== undefined || schema.type === 'null';
    content['application/json'] = {
      schema: isNamed ? schema : { title: `${capitalised(service)}${capitalised(name)}Answer`, ...schema },
      ...(example === undefined ? {} : { example: example as Json }),
    };
  }
  for (const type of file) content[type] = { schema: /^text\/|ndjson/.test(type) ? { type: 'string' } : binary };
  if (events !== undefined) content['text/event-stream'] = { schema: { type: 'string' } };
  return { description, ...(Object.keys(content).length === 0 ? {} : { content }) };
};

const exampleOf = (code: string, status: number, sentence: string): JsonObject => ({
  value: {
    error: sentence,
    status_code: status,
    code,
    details: {},
    request_id: '0199d0a2-6c5e-7b21-9f0e-3a3f5f1d2c44',
  },
});

const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
