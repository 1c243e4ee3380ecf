import { errorOf, VindimaError } from './error.ts';
import { readEvents } from './events.ts';
import { table } from './generated/table.ts';
import { type Arguments, requestOf } from './request.ts';
import type { TableEntry } from './table.ts';
import type { Client } from './types.ts';

export interface ClientOptions {
  /** Where the gateway is: `http://localhost:8080`, also with a path behind it. */
  readonly url: string;
  /** The access token of a login; a function is asked before each request. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  readonly apiKey?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Besides those of the operation. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A client of the platform: a method for each operation. They throw `VindimaError`, and whatever `fetch` throws. */
export const createClient = (options: ClientOptions): Client => {
  const send = senderOf(options);
  const services = Object.entries(table).map(([service, entries]) => {
    const methods = Object.entries<TableEntry>(entries).map(([name, entry]) => [
      name,
      methodOf(`${service}.${name}`, entry, send),
    ]);
    return [service, Object.fromEntries(methods)];
  });
  return Object.fromEntries(services) as Client;
};

type Send = (name: string, entry: TableEntry, args: Arguments, options: CallOptions) => Promise<Response>;

/** Sends a request. @throws VindimaError for an answer of 4xx or 5xx */
const senderOf = ({ url, token, apiKey, fetch: ask = fetch }: ClientOptions): Send => {
  const base = url.replace(/\/+$/, '');
  return async (name, entry, args, { signal, headers }) => {
    const { target, body, headers: own } = requestOf(name, entry, args);
    const bearer = typeof token === 'function' ? await token() : token;
    const response = await ask(`${base}${target}`, {
      method: entry.method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
        ...own,
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok && response.status !== 304) throw await errorOf(response);
    return response;
  };
};

const methodOf = (name: string, entry: TableEntry, send: Send) => {
  const response = (args: Arguments = {}, options: CallOptions = {}) => send(name, entry, args, options);
  const read = async (args?: Arguments, options?: CallOptions) => answerOf(name, entry, await response(args, options));
  const watch = async function* (args?: Arguments, options?: CallOptions) {
    yield* readEvents(await response(args, options));
  };
  return Object.assign(entry.answer === 'events' ? watch : read, { response });
};

const answerOf = async (name: string, { answer }: TableEntry, response: Response): Promise<unknown> => {
  if (answer === 'none' || response.status === 204) {
    await response.body?.cancel();
    return undefined;
  }
  if (answer === 'file') return response.blob();
  const type = response.headers.get('content-type') ?? 'none';
  if (/^application\/json\b/i.test(type)) return response.json();
  await response.body?.cancel();
  throw new VindimaError(`The answer has the type ${type}; ${name}.response() gives it as it is.`, {
    status: response.status,
    code: 'client.not_json',
    details: { type },
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfter: undefined,
  });
};
