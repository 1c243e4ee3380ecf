import { ErrorBody } from '../errors.ts';
import { sessionCookie } from '../gateway.ts';
import { operationIdOf, pathInDocument } from '../operations/places.ts';
import type { AnyOperation } from '../operations/registry.ts';
import { requestBodyOf, responsesOf } from './bodies.ts';
import { commonErrors } from './common-errors.ts';
import { createSchemaStore, type Json, type JsonObject } from './hoist-schemas.ts';
import { parametersOf } from './parameters.ts';
import { plainSchema } from './plain-schema.ts';

export interface OpenApiInput {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly operations: readonly AnyOperation[];
  /** The tags, in their order, each with a sentence. */
  readonly tags: Readonly<Record<string, string>>;
  /** Under which tag an operation stands. Default: its own. */
  readonly tagOf?: (operation: AnyOperation) => string;
  /** Base URLs. Default: where the document was read. */
  readonly servers?: readonly string[];
}

/** The OpenAPI 3.1 document of operations: schemas that have a title stand in it once. https://spec.openapis.org/oas/v3.1.1 */
export const openApiDocument = (input: OpenApiInput): JsonObject => {
  const { operations, tags, tagOf = ({ tag }) => tag, servers = ['/'], ...about } = input;
  const store = createSchemaStore();
  const errorSchema = store.hoistAll({ schema: plainSchema(ErrorBody) }, 'platform', {}) as { schema: JsonObject };
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = pathInDocument(operation.path);
    const described = describe(operation, tagOf(operation), errorSchema.schema);
    const hoisted = store.hoistAll(described, operation.service, {});
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: hoisted };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...about,
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'Vindima' },
    },
    servers: servers.map((url) => ({ url })),
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { key: [] }, { basic: [] }, { session: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(store.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The access token of `POST /auth/login`, or an API key',
        },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookie,
          description: 'What `POST /auth/login` gives a browser for `"cookie": true`',
        },
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'An API key as the password, with any user name: for Excel, R and `curl -u`',
        },
      },
    },
  };
};

const describe = (operation: AnyOperation, tag: string, errorSchema: JsonObject): JsonObject => {
  const { access, description, summary, legacy } = operation;
  const scope = `${access.service ?? operation.service}:${access.scope}`;
  const isPublic = access.role === 'public';
  const needs = isPublic
    ? 'Open to anyone.'
    : `Needs the role ${access.role}${access.role === 'admin' || access.needsLogin ? '' : `, or a key with the scope \`${scope}\``}.`;
  const parameters = parametersOf(operation);
  const body = requestBodyOf(operation);
  return {
    operationId: operationIdOf(operation),
    summary,
    description: description === undefined ? needs : `${description}\n\n${needs}`,
    tags: [tag],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(operation, { ...commonErrors(operation), ...operation.errors }, errorSchema),
    ...(isPublic ? { security: [] as Json[] } : { 'x-required-role': access.role, 'x-required-scope': scope }),
    ...(legacy ? { 'x-legacy': true } : {}),
  };
};
