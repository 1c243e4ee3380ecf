import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Pool } from 'undici';
import type { Neighbour } from './hand-over.ts';

export interface Replica {
  /** For people: the address that was configured, with the one it resolved to. */
  readonly url: string;
  /** What `Host` says to it. */
  readonly host: string;
  readonly pool: Pool;
  /** For answers that go on for as long as the client likes; they must not use up the connections of all others. */
  readonly streams: Pool;
  /** Not chosen before this time, while there is another: it refused a connection. */
  avoidUntil: number;
}

const resolveMs = 5_000;
const avoidMs = 2_000;
const connections = 512;
const streamConnections = 4_096;

/**
 * The replicas of one service. A name with several addresses (`docker compose up --scale`) is several replicas; it is
 * resolved again every few seconds. They take turns.
 *
 * @param options.neighbours services that run in this process, whichever they are
 */
export const createReplicas = (
  urls: readonly string[],
  options: { headersTimeoutMs: number; neighbours?: readonly Neighbour[] },
) => {
  const neighbour = options.neighbours?.find(({ url }) => urls.length === 1 && url === urls[0]);
  const replicas = new Map<string, Replica>();
  let order: Replica[] = [];
  let turn = 0;

  const open = (url: URL, address: string): Replica => {
    const host = isIP(address) === 6 ? `[${address}]` : address;
    const origin = `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`;
    const common: Pool.Options = {
      headersTimeout: options.headersTimeoutMs,
      // Streams of events are quiet for as long as they like; the service or the client ends them.
      bodyTimeout: 0,
      connect: { timeout: 2_000, ...(url.protocol === 'https:' ? { servername: url.hostname } : {}) },
    };
    return {
      url: `${url.origin}${url.hostname === host ? '' : ` (${address})`}`,
      host: url.host,
      pool: new Pool(origin, { ...common, connections }),
      streams: new Pool(origin, { ...common, connections: streamConnections }),
      avoidUntil: 0,
    };
  };

  const resolve = async () => {
    const found = new Map<string, Replica>();
    for (const text of urls) {
      const url = new URL(text);
      const known = [...replicas].filter(([key]) => key.startsWith(`${url.origin} `));
      const addresses = await addressesOf(url);
      // A name that does not resolve just now leaves what it was; if it is gone for good, its addresses refuse.
      for (const [key, replica] of addresses === undefined ? known : []) found.set(key, replica);
      for (const address of addresses ?? []) {
        const key = `${url.origin} ${address}`;
        found.set(key, found.get(key) ?? replicas.get(key) ?? open(url, address));
      }
    }
    for (const [key, { pool, streams }] of replicas) {
      // Lets the requests that run finish.
      if (!found.has(key)) void Promise.all([pool.close(), streams.close()]);
    }
    replicas.clear();
    for (const [key, replica] of found) replicas.set(key, replica);
    order = [...replicas.values()];
  };

  let resolving: Promise<void> | undefined;
  const timer = setInterval(() => {
    resolving ??= resolve().finally(() => {
      resolving = undefined;
    });
  }, resolveMs);

  return {
    resolve,
    all: (): readonly Replica[] => order,
    /** The one replica that there is, when it runs in this process; undefined while it does not listen. */
    neighbour: (): Neighbour | undefined => (neighbour?.server.listening ? neighbour : undefined),
    /** The next one in turn that is not avoided; an avoided one if there is no other. */
    choose: (except: ReadonlySet<Replica>): Replica | undefined => {
      const now = Date.now();
      const candidates = except.size === 0 ? order : order.filter((replica) => !except.has(replica));
      for (let step = 0; step < candidates.length; step++) {
        const replica = candidates[(turn + step) % candidates.length];
        if (replica !== undefined && replica.avoidUntil <= now) {
          turn = (turn + step + 1) % 1_000_000;
          return replica;
        }
      }
      return candidates[0];
    },
    avoid: (replica: Replica) => {
      replica.avoidUntil = Date.now() + avoidMs;
    },
    close: async () => {
      clearInterval(timer);
      await resolving;
      await Promise.all([...replicas.values()].flatMap(({ pool, streams }) => [pool.destroy(), streams.destroy()]));
    },
  };
};
export type Replicas = ReturnType<typeof createReplicas>;

/** @returns undefined when its name does not resolve */
const addressesOf = async (url: URL): Promise<string[] | undefined> => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 || host === 'localhost') return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    // Not there (yet): requests say so by name, and the next look may find it.
    return undefined;
  }
};
