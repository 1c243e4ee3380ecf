// Tokens are kept for this tab alone. The policy of the page lets nothing run but these files.
const place = 'vindima';
/** The path below which a proxy serves the platform. */
export const base = document.documentElement.dataset.base ?? '';
let session = JSON.parse(sessionStorage.getItem(place) ?? 'null');
let refreshing;
let onEnd = () => {};

const keep = (next) => {
  session = next;
  if (next === null) sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, JSON.stringify(next));
};

const post = (path, body) =>
  fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** A refresh token is good once, so calls that fail at the same time share one refresh. */
const refresh = () => {
  refreshing ??= (async () => {
    const answer = await post('/auth/refresh', { refresh_token: session.refresh_token });
    keep(answer.ok ? await answer.json() : null);
  })().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
};

/** Calls when a login has ended by itself. */
export const whenEnded = (callback) => {
  onEnd = callback;
};

/** fetch with the credentials of whoever is logged in; renews them when they have run out. */
export const call = async (path, init = {}) => {
  const ask = () => {
    const credentials = session === null ? {} : { authorization: `Bearer ${session.access_token}` };
    return fetch(base + path, { ...init, headers: { ...init.headers, ...credentials } });
  };
  const answer = await ask();
  if (answer.status !== 401) return answer;
  if (session !== null) await refresh();
  if (session === null) {
    onEnd();
    return answer;
  }
  return ask();
};

/** Renews a login whose access token has run out. @returns whether somebody is logged in then */
export const renew = async () => {
  if (session !== null) await refresh();
  return session !== null;
};

/** The answer's JSON; what went wrong as an error that a person can read. */
export const read = async (path, init) => {
  const answer = await call(path, init);
  const body = answer.status === 204 ? undefined : await answer.json();
  if (!answer.ok)
    throw Object.assign(new Error(body?.error ?? `It answered ${answer.status}.`), { status: answer.status });
  return body;
};

/** @throws when the name or the password is wrong, or there were too many attempts */
export const logIn = async (username, password) => {
  const answer = await post('/auth/login', { username, password });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  keep(body);
};

export const logOut = async () => {
  if (session !== null) await post('/auth/logout', { refresh_token: session.refresh_token });
  keep(null);
};
