import { connect } from '@nats-io/transport-node';
import { createClient as connectToPlatform, readEvents } from '@vindima/client';
import type { ServiceName } from '@vindima/contracts';

export interface PlatformEvent {
  readonly subject: string;
  readonly id: string;
  readonly payload: Record<string, unknown>;
}

export interface ClientOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** `nats://[token@]host:port`: commands go there, as any NATS client would send them; without it, through `POST /commands`. */
  readonly natsUrl: string | undefined;
}

const patienceMs = 90_000;

const connectTo = ({ host, username: token }: URL) =>
  connect({ servers: host, ...(token === '' ? {} : { token: decodeURIComponent(token) }) });

/** A program outside the platform: it knows the gateway's address, a name and a password. */
export const createClient = async ({ url, username, password, natsUrl }: ClientOptions) => {
  const { access_token: token } = await connectToPlatform({ url }).gateway.login({ username, password });
  const api = connectToPlatform({ url, token });
  const nats = natsUrl === undefined ? undefined : await connectTo(new URL(natsUrl));
  const seen: PlatformEvent[] = [];
  const abort = new AbortController();

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

  /** Keeps every event from now on. */
  const watch = async () => {
    const answer = await api.gateway.watchEvents.response({}, { signal: abort.signal });
    const read = async () => {
      for await (const { data } of readEvents<PlatformEvent>(answer)) seen.push(data);
    };
    read().catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
    });
  };
  await watch();

  const until = async <Result>(
    what: string,
    look: () => Promise<Result | undefined> | Result | undefined,
  ): Promise<Result> => {
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what} did not happen within ${patienceMs / 1000} s`);
  };

  const json = async <Answer>(
    path: string,
    body?: unknown,
    method = body === undefined ? 'GET' : 'POST',
  ): Promise<Answer> => {
    const answer = await call(path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  };

  return {
    url,
    token,
    /** Every operation, by its name. */
    api,
    call,
    json,
    until,
    /** Where the stream of events is now: what comes later is behind it. */
    mark: () => seen.length,
    /** The first event behind a mark that fits. */
    event: (mark: number, subject: string, fits: (payload: Record<string, unknown>) => boolean = () => true) =>
      until(`event ${subject}`, () =>
        seen.slice(mark).find((event) => event.subject === subject && fits(event.payload)),
      ),
    /** Sends a command, the way that this client sends them. */
    command: async (subject: string, payload: unknown) => {
      if (nats !== undefined) {
        nats.publish(subject, JSON.stringify(payload));
        await nats.flush();
        return;
      }
      const [, service, verb] = subject.split('.');
      await api.gateway.sendCommand({ service: service as ServiceName, verb: verb ?? '', body: payload });
    },
    close: async () => {
      abort.abort();
      await nats?.drain();
    },
  };
};
export type Client = Awaited<ReturnType<typeof createClient>>;
