import { createSchemaStore, type Json, type JsonObject } from '@vindima/contracts';

/** A service's own document, or that it could not be had. */
export interface ServiceDocument {
  readonly service: string;
  readonly document: JsonObject | undefined;
}

/** What an operation asks of its caller; undefined for what the gateway does not let through. */
export type RequirementOfOperation = (
  service: string,
  method: string,
  path: string,
) => { role: string; service: string; access: string } | undefined;

const methods = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options']);

/**
 * One OpenAPI 3.1 document of several: each operation tagged with its service, schemas kept once, what cannot be called from outside
 * left out.
 */
export const mergeOpenApi = (
  about: { title: string; description: string; version: string },
  documents: readonly ServiceDocument[],
  requirementOf: RequirementOfOperation,
): JsonObject => {
  const store = createSchemaStore();
  const paths: Record<string, JsonObject> = {};
  const tags: JsonObject[] = [];
  for (const { service, document } of documents) {
    if (document === undefined) continue;
    const components = (document.components ?? {}) as JsonObject;
    const local = (components.schemas ?? {}) as JsonObject;
    tags.push({ name: service, description: String((document.info as JsonObject | undefined)?.description ?? '') });
    for (const [documented, item] of Object.entries((document.paths ?? {}) as Record<string, JsonObject>)) {
      const path = documented.length > 1 ? documented.replace(/\/$/, '') : documented;
      for (const [method, operation] of Object.entries(item)) {
        const requirement = methods.has(method) ? requirementOf(service, method, path) : undefined;
        if (requirement === undefined || paths[path]?.[method] !== undefined) continue;
        const merged = store.hoistAll(operation, service, local) as JsonObject;
        paths[path] = { ...paths[path], [method]: withAccess(merged, service, requirement) };
      }
    }
  }
  const missing = documents.filter(({ document }) => document === undefined).map(({ service }) => service);
  const note =
    missing.length === 0 ? '' : `\n\n**Not in here, as it does not answer just now: ${missing.join(', ')}.**`;
  return {
    openapi: '3.1.0',
    info: { ...about, description: about.description + note },
    'x-unavailable-services': missing,
    tags,
    security: [{ bearer: [] }, { key: [] }],
    paths,
    components: {
      schemas: sorted(store.schemas),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The access token of `POST /auth/login`, or an API key',
        },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key' },
      },
    },
  };
};

/** Says whom an operation lets through, in words and for programs. */
const withAccess = (
  operation: JsonObject,
  service: string,
  requirement: { role: string; service: string; access: string },
): JsonObject => {
  // Written of an operation of the contracts, which says so itself.
  if (operation.operationId !== undefined) return { ...operation, tags: [service] };
  const { description, ...rest } = operation;
  const scope = `${requirement.service}:${requirement.access}`;
  const isPublic = requirement.role === 'public';
  const needs = isPublic
    ? 'Open to anyone.'
    : `Needs the role ${requirement.role}${requirement.role === 'admin' ? '' : `, or a key with the scope \`${scope}\``}.`;
  return {
    ...rest,
    tags: [service],
    description: description === undefined ? needs : `${description}\n\n${needs}`,
    ...(isPublic ? { security: [] } : { 'x-required-role': requirement.role, 'x-required-scope': scope }),
    responses: (rest.responses ?? { 200: { description: 'Done' } }) as Json,
  };
};

const sorted = (schemas: Record<string, JsonObject>): JsonObject =>
  Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
