/** The gateway, as one user or key sees it. */
export interface Door {
  readonly who: string;
  /** What it shows of itself. */
  readonly headers: Readonly<Record<string, string>>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a body where there is one (POST unless told), and answers the JSON. @throws when it is refused */
  ask<Answer = Record<string, unknown>>(path: string, body?: unknown, method?: string): Promise<Answer>;
  /** Sends a file as a form. */
  send<Answer = Record<string, unknown>>(
    path: string,
    file: { readonly name: string; readonly bytes: Uint8Array | string },
    fields?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

const openDoor = (url: string, who: string, headers: Readonly<Record<string, string>>): Door => {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  const read = async <Answer>(path: string, init: RequestInit) => {
    const answer = await call(path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  };
  return {
    who,
    headers,
    fetch: call,
    ask: (path, body, method = body === undefined ? 'GET' : 'POST') =>
      read(path, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    send: (path, { name, bytes }, fields = {}) => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name);
      return read(path, { method: 'POST', body: form });
    },
  };
};

/** The door of a user, who logs in. */
export const doorOfUser = async (url: string, username: string, password: string): Promise<Door> => {
  const nobody = openDoor(url, 'nobody', {});
  const { access_token: token } = await nobody.ask<{ access_token: string }>('/auth/login', { username, password });
  return openDoor(url, username, { authorization: `Bearer ${token}` });
};

/** The door of an API key. */
export const doorOfKey = (url: string, name: string, key: string): Door => openDoor(url, name, { 'x-api-key': key });
