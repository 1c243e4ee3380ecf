import type { TableEntry } from './table.ts';

type RequestBody = NonNullable<RequestInit['body']>;
type BlobPart = NonNullable<ConstructorParameters<typeof Blob>[0]> extends Iterable<infer Part> ? Part : never;

export type Arguments = Readonly<Record<string, unknown>>;

export interface RequestParts {
  /** Path and query. */
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body?: RequestBody;
}

/** What is sent for the arguments of a method. */
export const requestOf = (name: string, entry: TableEntry, all: Arguments): RequestParts => {
  const args = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  holdToKnown(name, entry, args);
  const sent = bodyOf(entry, args);
  const query = queryOf(entry, args, sent.names);
  return {
    target: `${pathOf(name, entry.path, args)}${query === '' ? '' : `?${query}`}`,
    headers: { ...headersOf(entry, args), ...sent.headers },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  };
};

const holdToKnown = (name: string, entry: TableEntry, args: Arguments) => {
  const headers = Object.entries(entry.headers ?? {}).flat();
  const inPath = [...entry.path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter ?? '');
  const form = entry.form === undefined ? [] : [...entry.form.files, ...entry.form.fields];
  const body = entry.json || entry.file !== undefined ? ['body'] : [];
  const type = entry.file === undefined ? [] : ['contentType'];
  const known = [...inPath, ...(entry.query ?? []), ...headers, ...(entry.fields ?? []), ...form, ...body, ...type];
  const unknown = Object.keys(args).find((argument) => !known.includes(argument));
  if (unknown !== undefined)
    throw new TypeError(`${name} has no argument ${unknown}; it has ${known.join(', ') || 'none'}.`);
  const missing = entry.required.find((argument) => args[argument] === undefined);
  if (missing !== undefined) throw new TypeError(`${name} needs the argument ${missing}.`);
};

const pathOf = (name: string, path: string, args: Arguments) =>
  path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    const value = String(args[parameter]);
    // An address has its own meaning for these, also when they are escaped.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${name}: ${parameter} cannot be "${value}".`);
    return encodeURIComponent(value);
  });

const queryOf = ({ query = [] }: TableEntry, args: Arguments, inBody: readonly string[]) => {
  const given = query.filter((name) => args[name] !== undefined && !inBody.includes(name));
  return new URLSearchParams(given.map((name): [string, string] => [name, textOf(args[name])])).toString();
};

const headersOf = ({ headers = {} }: TableEntry, args: Arguments) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([argument, header]) => {
      const value = args[argument] ?? args[header];
      return value === undefined ? [] : [[header, textOf(value)]];
    }),
  );

/** Several values are one text with commas between them, as the platform reads lists. */
const textOf = (value: unknown) => {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join(',') : String(value);
};

interface Sent {
  readonly body?: RequestBody;
  readonly headers?: Record<string, string>;
  /** Arguments that are in the body. */
  readonly names: readonly string[];
}

const bodyOf = (entry: TableEntry, args: Arguments): Sent => {
  const { form, file, fields = [] } = entry;
  const given = (names: readonly string[]) => names.filter((name) => args[name] !== undefined);
  if (form !== undefined && given(form.files).length > 0)
    return { body: formOf(form, args), names: [...form.files, ...form.fields] };
  if (args.body !== undefined) {
    if (file !== undefined && isFile(args.body)) return { ...fileOf(args, args.body, file), names: [] };
    return { ...jsonOf(args.body), names: [] };
  }
  const named = given(fields);
  if (named.length === 0 && (!entry.json || entry.optional)) return { names: [] };
  return { ...jsonOf(Object.fromEntries(named.map((name) => [name, args[name]]))), names: fields };
};

const jsonOf = (value: unknown) => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

type FileValue = string | Blob | Uint8Array | ArrayBuffer | ReadableStream;

/** What can only be a file, where JSON is possible too. */
const isFile = (value: unknown): value is FileValue =>
  typeof value === 'string' ||
  value instanceof Blob ||
  value instanceof Uint8Array ||
  value instanceof ArrayBuffer ||
  value instanceof ReadableStream;

const fileOf = (args: Arguments, body: FileValue, types: readonly string[]) => {
  const own = body instanceof Blob && body.type !== '' ? body.type : types[0];
  return { body: body as RequestBody, headers: { 'content-type': String(args.contentType ?? own) } };
};

const formOf = ({ files, fields }: NonNullable<TableEntry['form']>, args: Arguments) => {
  const form = new FormData();
  // Fields first: a service that reads a form as it comes knows them when the file begins.
  for (const name of fields) {
    const value = args[name];
    if (value !== undefined) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const name of files) {
    for (const value of [args[name]].flat()) {
      if (value === undefined) continue;
      const isNamed = value instanceof Blob && 'name' in value;
      const blob = value instanceof Blob ? value : new Blob([value as BlobPart]);
      if (isNamed) form.append(name, blob);
      else form.append(name, blob, name);
    }
  }
  return form;
};
