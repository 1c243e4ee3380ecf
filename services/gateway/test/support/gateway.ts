import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bus } from '@vindima/messaging';
import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import type { Neighbour } from '../../src/proxy/hand-over.ts';
import { gatewayBeside } from '../../src/service.ts';

export const adminPassword = 'the admin of the tests';
const logger = createLogger({ name: 'test', level: 'silent' });

/** A gateway with a generous limit, and services that nobody started unless told where they are. */
export const startGateway = (
  environment: Record<string, string | undefined> = {},
  { neighbours = [], ...options }: { bus?: Bus; clock?: () => Date; neighbours?: readonly Neighbour[] } = {},
): Promise<RunningService> => {
  const nowhere = 'http://127.0.0.1:1';
  return startService(
    gatewayBeside(() => neighbours),
    {
      environment: {
        PORT: '0',
        DATA_DIR: temporaryFolder(),
        ADMIN_PASSWORD: adminPassword,
        RATE_LIMIT: '100000',
        WINE_URL: nowhere,
        IMAGES_URL: nowhere,
        DATASETS_URL: nowhere,
        INFERENCE_URL: nowhere,
        PRICING_URL: nowhere,
        ...environment,
      },
      logger,
      ...options,
    },
  );
};

export interface StandIn extends Neighbour {
  readonly port: number;
  stop(): Promise<void>;
}

/** An HTTP server that does what a test wants of a service, misbehaviour included. */
export const startStandIn = async (listener: RequestListener, port = 0): Promise<StandIn> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    host: `127.0.0.1:${address.port}`,
    server,
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const json = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export const logIn = async (url: string, username = 'admin', password = adminPassword): Promise<Tokens> => {
  const response = await fetch(`${url}/auth/login`, json({ username, password }));
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Tokens;
};

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Headers of an admin. */
export const asAdmin = async (url: string) => bearer((await logIn(url)).access_token);

/** Makes a user and logs them in. */
export const asUser = async (url: string, role: 'viewer' | 'editor' | 'admin', username: string = role) => {
  const password = `the ${role} of the tests`;
  const response = await fetch(`${url}/users`, json({ username, password, role }, await asAdmin(url)));
  if (!response.ok) throw new Error(await response.text());
  return bearer((await logIn(url, username, password)).access_token);
};

/** Makes a key. */
export const asKey = async (url: string, ...scopes: string[]) => {
  const response = await fetch(`${url}/keys`, json({ name: scopes.join(' '), scopes }, await asAdmin(url)));
  const { key, id } = (await response.json()) as { key: string; id: string };
  return { headers: { 'x-api-key': key }, id };
};

export const until = async <Result>(look: () => Promise<Result | undefined> | Result | undefined): Promise<Result> => {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within 15 s');
};
