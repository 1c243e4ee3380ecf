import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { defineOperations, type JsonObject, openApiDocument } from '../src/index.ts';

const access = { role: 'viewer', scope: 'read' } as const;
const Thing = Type.Object({ title: Type.String() }, { title: 'Thing' });
const OtherThing = Type.Object({ title: Type.String(), size: Type.Integer() }, { title: 'Thing' });
const first = defineOperations('first', {
  get: {
    method: 'GET',
    path: '/things/:id',
    tag: 'things',
    summary: 'A thing',
    access,
    params: Type.Object({ id: Type.String({ description: 'Which' }) }),
    answers: { 200: { description: 'It', json: Thing } },
    errors: { 'first.unknown': [404, 'There is no such thing.'] },
    examples: { params: { id: 'a' } },
  },
  upload: {
    method: 'POST',
    path: '/things',
    tag: 'things',
    summary: 'Bring a thing',
    access: { role: 'editor', scope: 'write' },
    body: {
      form: {
        files: { file: { description: 'The thing' } },
        fields: Type.Object({ name: Type.Optional(Type.String()) }),
      },
      bytes: 'file',
    },
    answers: { 201: { description: 'It', json: Type.Array(Thing) } },
    errors: {},
  },
});
const second = defineOperations('second', {
  get: {
    method: 'GET',
    path: '/others',
    tag: 'others',
    summary: 'Another thing',
    access: { role: 'public', scope: 'read' },
    query: Type.Object({ limit: Type.Optional(Type.Integer({ description: 'Most', examples: [5] })) }),
    answers: { 200: { description: 'It', json: OtherThing, file: ['text/csv'] } },
    errors: {},
  },
});
const document = openApiDocument({
  title: 'T',
  description: 'D',
  version: '1',
  operations: [...Object.values(first), ...Object.values(second)],
  tags: {},
}) as { paths: Record<string, Record<string, JsonObject>>; components: { schemas: Record<string, JsonObject> } };
const operation = (path: string, method: string) =>
  document.paths[path]?.[method] as unknown as {
    operationId: string;
    parameters: JsonObject[];
    requestBody: { content: Record<string, { schema: JsonObject }> };
    responses: Record<string, { content: Record<string, { schema: JsonObject; examples: JsonObject }> }>;
  };

describe('the OpenAPI document of operations', () => {
  it('keeps the same schema once, and tells different ones of the same name apart', () => {
    const schemaOf = (path: string, method: string, status: string) =>
      operation(path, method).responses[status]?.content['application/json']?.schema;
    expect(schemaOf('/things/{id}', 'get', '200')).toEqual({ $ref: '#/components/schemas/Thing' });
    expect(schemaOf('/others', 'get', '200')).toEqual({ $ref: '#/components/schemas/SecondThing' });
    expect(schemaOf('/things', 'post', '201')).toEqual({ $ref: '#/components/schemas/FirstUploadAnswer' });
    // A property that is called title is no title.
    expect(document.components.schemas.Thing?.properties).toEqual({ title: { type: 'string' } });
  });

  it('shows a file picker for a file, and gives no example for what is optional', () => {
    const form = operation('/things', 'post').requestBody.content['multipart/form-data']?.schema;
    expect(form).toMatchObject({ properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] });
    const [limit] = operation('/others', 'get').parameters;
    expect(limit).toEqual({
      name: 'limit',
      in: 'query',
      required: false,
      description: 'Most',
      schema: { type: 'integer' },
    });
  });

  it('names every error by its code, each with an example of its own', () => {
    const { responses, operationId } = operation('/things/{id}', 'get');
    expect(operationId).toBe('first.get');
    expect(responses['404']?.content['application/json']?.examples).toMatchObject({
      'first.unknown': { value: { code: 'first.unknown', status_code: 404 } },
    });
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['400', '401', '403', '429', '500', '502', '503', '504']),
    );
    expect(Object.keys(operation('/others', 'get').responses)).not.toContain('401');
  });
});
