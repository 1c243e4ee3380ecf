/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a route answers is what the tests are about.
  readonly body: Record<string, unknown> & { readonly code?: string; readonly error?: string };
}

const read = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
};

export const get = async (url: string): Promise<Answer> => read(await fetch(url));

export const post = async (url: string, body?: unknown): Promise<Answer> =>
  read(
    await fetch(url, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  );

export const send = async (method: string, url: string, body?: unknown): Promise<Answer> =>
  read(
    await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  );

/** Sends text as it is. */
export const postText = async (url: string, type: string, body: string): Promise<Answer> =>
  read(await fetch(url, { method: 'POST', headers: { 'content-type': type }, body }));

/** Sends a model file as a form, with fields. */
export const uploadFile = async (
  url: string,
  bytes: Uint8Array,
  name: string,
  fields: Record<string, string> = {},
): Promise<Answer> => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  return read(await fetch(url, { method: 'POST', body: form }));
};
