import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a server said. */
export interface Said {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a judge looks into whatever came
  readonly body: any;
}

/** Speaks to a running service, and reads the cases' files. */
export interface Client {
  readonly url: string;
  file(name: string): Buffer;
  upload(file: string, name: string, fields?: Readonly<Record<string, string>>): Promise<Said>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Said>;
  get(path: string): Promise<Said>;
}

const waitMs = 60_000;

const read = async (response: Response): Promise<Said> => {
  const text = await response.text();
  try {
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return { status: response.status, body: text };
  }
};

const failed = (error: unknown): Said => ({ status: 0, body: { error: String(error) } });

/** @param folder with the files of the cases */
export const createClient = (url: string, folder: string): Client => {
  const file = (name: string) => readFileSync(join(folder, name));
  return {
    url,
    file,
    upload: (name, model, fields = {}) => {
      const form = new FormData();
      for (const [field, value] of Object.entries({ name: model, ...fields })) form.append(field, value);
      form.append('file', new Blob([new Uint8Array(file(name))]), name);
      return fetch(`${url}/models`, { method: 'POST', body: form, signal: AbortSignal.timeout(waitMs) }).then(
        read,
        failed,
      );
    },
    post: (path, body, headers = { 'content-type': 'application/json' }) =>
      fetch(url + path, {
        method: 'POST',
        headers,
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
        signal: AbortSignal.timeout(waitMs),
      }).then(read, failed),
    get: (path) => fetch(url + path, { signal: AbortSignal.timeout(waitMs) }).then(read, failed),
  };
};
