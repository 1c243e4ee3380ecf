import { type AnyOperation, namesInPath, operationIdOf, reachableOperations } from '@vindima/contracts';
import type { TObject, TSchema } from 'typebox';
import type { TableEntry } from '../src/table.ts';

/** `idempotency-key` as an argument: `idempotencyKey`. */
const argumentOf = (header: string) => header.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const fieldsOf = (schema: TSchema | undefined): readonly string[] =>
  Object.keys((schema as TObject | undefined)?.properties ?? {});

/** What has a default need not be given. */
const requiredOf = (schema: TSchema | undefined): string[] => {
  const { properties = {}, required = [] } = (schema ?? {}) as Partial<TObject> & { required?: string[] };
  return required.filter((name) => (properties[name] as { default?: unknown } | undefined)?.default === undefined);
};

const isFlat = (json: TSchema | undefined) => fieldsOf(json).length > 0;

/** Only a body of one form says which of its fields must be there. */
const requiredOfBody = ({ body }: AnyOperation): string[] => {
  if (body === undefined || body.optional) return [];
  const { json, form, file } = body;
  if ([json, form, file].filter((kind) => kind !== undefined).length > 1) return [];
  if (json !== undefined) return isFlat(json) ? requiredOf(json) : ['body'];
  return form === undefined ? ['body'] : [...Object.keys(form.files), ...requiredOf(form.fields)];
};

const answerOf = ({ answers }: AnyOperation): TableEntry['answer'] => {
  const good = Object.entries(answers).flatMap(([status, answer]) => (Number(status) < 300 ? [answer] : []));
  if (good.some(({ events }) => events !== undefined)) return 'events';
  if (good.some(({ json }) => json !== undefined)) return 'json';
  return good.some(({ file }) => file !== undefined) ? 'file' : 'none';
};

/** The entry of an operation. What is empty is left out. */
export const entryOf = (operation: AnyOperation): TableEntry => {
  const { method, path, params, query, headers, body } = operation;
  const names = Object.keys(headers?.properties ?? {});
  const required = [
    ...namesInPath(path),
    ...requiredOf(query),
    ...requiredOf(headers).map(argumentOf),
    ...requiredOfBody(operation),
  ];
  if (params !== undefined && fieldsOf(params).some((name) => !required.includes(name)))
    throw new Error(`${method} ${path}: a parameter that is not in the path.`);
  return {
    method,
    path,
    ...(query === undefined ? {} : { query: fieldsOf(query) }),
    ...(names.length === 0 ? {} : { headers: Object.fromEntries(names.map((name) => [argumentOf(name), name])) }),
    ...(isFlat(body?.json) ? { fields: fieldsOf(body?.json) } : {}),
    ...(body?.json === undefined ? {} : { json: true as const }),
    ...(body?.optional ? { optional: true as const } : {}),
    ...(body?.form === undefined
      ? {}
      : { form: { files: Object.keys(body.form.files), fields: fieldsOf(body.form.fields) } }),
    ...(body?.file === undefined ? {} : { file: body.file }),
    required,
    answer: answerOf(operation),
  };
};

/**
 * Operations whose query may say what their body says too. The client puts it into the body, and into the query where the body is a file itself.
 */
const saidTwice = new Set(['datasets.upload', 'inference.load', 'inference.upload']);

/** Names that stand in two places of an operation, where it is not known which of them is meant. */
export const collisionsOf = (operation: AnyOperation): string[] => {
  const { headers = {}, query = [], path, fields = [], form } = entryOf(operation);
  const inBody = [...new Set([...fields, ...(form?.files ?? []), ...(form?.fields ?? [])])];
  const isOnlyInQuery = (name: string) => !inBody.includes(name);
  const inQuery = saidTwice.has(operationIdOf(operation)) ? query.filter(isOnlyInQuery) : query;
  const all = [...namesInPath(path), ...Object.keys(headers), ...inQuery, ...inBody];
  return all.filter((name, index) => all.indexOf(name) !== index || name === 'body' || name === 'contentType');
};

/** The source of `src/generated/table.ts`. */
export const makeTable = (): string => {
  const services = Object.entries(reachableOperations()).map(([service, operations]) => {
    const lines = operations.map((operation) => `    ${operation.name}: ${JSON.stringify(entryOf(operation))},\n`);
    return `  ${service}: {\n${lines.join('')}  },\n`;
  });
  return [
    '// Made from the operations of @vindima/contracts: npm run table -w @vindima/client\n',
    `export const table = {\n${services.join('')}} as const;\n`,
  ].join('\n');
};
