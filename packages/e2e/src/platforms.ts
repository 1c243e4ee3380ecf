import { join } from 'node:path';
import { startPlatform } from '@vindima/all-in-one';
import { canStart, startMariaDb, startNatsServer, startS3Server, temporaryFolder } from '@vindima/test-servers';
import type { ClientOptions } from './client.ts';

export interface RunningPlatform extends ClientOptions {
  /** The URL of the object store, where the tests can reach it. */
  readonly lake: string | undefined;
  /** Services by name and address, where the tests can reach them without the gateway. */
  readonly services: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface PlatformKind {
  readonly name: string;
  start(): Promise<RunningPlatform>;
}

const password = 'the admin of these tests';

/** All services in this process, each on a port of the system's choice, with credentials required. */
const startAll = async (environment: Record<string, string>, natsUrl?: string): Promise<RunningPlatform> => {
  const names = ['GATEWAY', 'WINE', 'IMAGES', 'DATASETS', 'INFERENCE', 'PRICING', 'SANDBOX'];
  const dataFolder = temporaryFolder();
  const lake = environment.OBJECT_STORE_URL ?? `file:${join(dataFolder, 'lake')}`;
  const platform = await startPlatform({
    ...Object.fromEntries(names.map((name) => [`${name}_PORT`, '0'])),
    DATA_DIR: dataFolder,
    AUTH: 'required',
    ADMIN_PASSWORD: password,
    INTERNAL_TOKEN: 'the token between gateway and services',
    LOG_LEVEL: 'warn',
    OBJECT_STORE_URL: lake,
    ...environment,
  });
  const services = Object.fromEntries(platform.services.map(({ name, url }) => [name, url]));
  const { gateway: url = '', sandbox: _sandbox, ...others } = services;
  return { url, username: 'admin', password, natsUrl, lake, services: others, stop: () => platform.stop() };
};

const embedded: PlatformKind = { name: 'embedded', start: () => startAll({}) };

const onServers: PlatformKind = {
  name: 'on NATS, MariaDB and S3',
  start: async () => {
    const [nats, mariadb, s3] = await Promise.all([startNatsServer(), startMariaDb(), startS3Server()]);
    const stopServers = async () => {
      await Promise.all([nats.stop(), mariadb.stop(), s3.stop()]);
    };
    try {
      const platform = await startAll(
        { NATS_URL: nats.url, DATABASE_URL: mariadb.url, OBJECT_STORE_URL: `s3://lake?endpoint=${s3.url}` },
        nats.url,
      );
      const stop = async () => {
        await platform.stop();
        await stopServers();
      };
      return { ...platform, stop };
    } catch (error) {
      await stopServers();
      throw error;
    }
  },
};

/**
 * What the suite runs against: a platform that somebody started (`E2E_URL`, `E2E_USER`, `E2E_PASSWORD`, and `E2E_NATS_URL` to send
 * commands by NATS), else one in this process, embedded and on real servers.
 */
export const platforms = async (environment: NodeJS.ProcessEnv): Promise<PlatformKind[]> => {
  const { E2E_URL, E2E_USER, E2E_PASSWORD, E2E_NATS_URL, E2E_LAKE } = environment;
  if (E2E_URL) {
    const running = { url: E2E_URL.replace(/\/$/, ''), username: E2E_USER || 'admin', password: E2E_PASSWORD ?? '' };
    const more = { natsUrl: E2E_NATS_URL || undefined, lake: E2E_LAKE || undefined, services: {} };
    return [{ name: `at ${E2E_URL}`, start: async () => ({ ...running, ...more, stop: async () => {} }) }];
  }
  const servers = (await canStart('nats')) && (await canStart('mariadb'));
  return servers ? [embedded, onServers] : [embedded];
};
