import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import {
  type AnyOperation,
  healthOperations,
  type JsonObject,
  jobOperations,
  openApiDocument,
  operationIdOf,
  operations,
  operationsOf,
} from '../src/index.ts';

interface Content {
  readonly schema: JsonObject;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { value: { code: string; status_code: number } }>>;
}
interface Described {
  readonly operationId: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    required: boolean;
    description?: string;
    example?: unknown;
  }[];
  readonly requestBody?: { content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { description: string; content?: Readonly<Record<string, Content>> }>>;
}

const all = Object.keys(operations).flatMap((key) => {
  const name = key as keyof typeof operations;
  const own: readonly AnyOperation[] = operationsOf(name);
  const shared = Object.values<AnyOperation>({
    ...healthOperations(name),
    ...(name === 'gateway' ? {} : jobOperations(name)),
  });
  const document = openApiDocument({
    title: name,
    description: 'All',
    version: '1',
    operations: [...own, ...shared.filter(({ path }) => !own.some((other) => other.path === path))],
    tags: {},
  });
  const paths = Object.values(document.paths as Record<string, Record<string, unknown>>);
  return paths
    .flatMap((path) => Object.values(path) as Described[])
    .map((operation) => [operation.operationId, operation] as const);
});

describe.each(all)('the document of %s', (_, { parameters = [], requestBody, responses }) => {
  it('describes every parameter, and gives examples to none that may be left out', () => {
    for (const { name, description, required, example } of parameters) {
      expect(description, name).toMatch(/\w/);
      if (!required) expect(example, name).toBeUndefined();
    }
  });

  it('has an example of a body of JSON, and files are files', () => {
    for (const [type, { schema, example }] of Object.entries(requestBody?.content ?? {})) {
      if (type === 'application/json') expect(example).toBeDefined();
      else if (type === 'multipart/form-data') expect(JSON.stringify(schema)).toContain('"format":"binary"');
      else expect(schema).toEqual({ type: 'string', format: 'binary' });
    }
  });

  it('gives every answer a sentence, and every answer in JSON a name', () => {
    for (const [status, { description, content = {} }] of Object.entries(responses)) {
      expect(description, status).toMatch(/\w/);
      const schema = content['application/json']?.schema;
      const isNamed = schema === undefined || '$ref' in schema || schema.type === 'null' || schema.format === 'binary';
      expect(isNamed, `${status}: ${JSON.stringify(schema)}`).toBe(true);
    }
  });

  it('gives every error an example with its own code and status', () => {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      if (Number(status) < 400) continue;
      for (const [code, { value }] of Object.entries(content['application/json']?.examples ?? {}))
        expect([value.code, String(value.status_code)]).toEqual([code, status]);
    }
  });
});

const withBodies = Object.values(operations)
  .flatMap((some) => Object.values<AnyOperation>(some))
  .filter(({ body }) => body?.json !== undefined);

it.each(withBodies.map((operation) => [operationIdOf(operation), operation] as const))(
  'the example body of %s is one that it takes',
  (_, { body, examples }) => {
    expect([...Value.Errors(body?.json ?? {}, examples?.body)]).toEqual([]);
  },
);
