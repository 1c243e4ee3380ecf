import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gatewayBeside } from '@vindima/gateway';
import type { Bus } from '@vindima/messaging';
import {
  CommonConfig,
  ConfigurationError,
  createLogger,
  type Environment,
  type Logger,
  openBus,
  openLogFile,
  type RunningService,
  readConfig,
  type Service,
  startService,
} from '@vindima/service-kit';
import { lockFolder } from './lock-folder.ts';
import { services, standIns } from './services.ts';

export interface Platform {
  readonly services: readonly RunningService[];
  readonly upstreams: 'sandbox' | 'live';
  /** Whether calls from this machine pass without credentials. */
  readonly auth: 'local' | 'required';
  /** What the services want to hear from whoever calls them past the gateway. */
  readonly internalToken: string | undefined;
  readonly dataFolder: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/**
 * Starts every service in this process. They share a bus and a data folder, nothing else: each has its port
 * (`WINE_PORT`, ...), its database and its own configuration, as when it runs alone.
 */
export const startPlatform = async (environment: Environment): Promise<Platform> => {
  const config = readConfig(CommonConfig, environment);
  refuseSharedDatabase(config.DATABASE_URL);
  const dataFolder = resolve(config.DATA_DIR);
  const unlock = await openDataFolder(dataFolder);
  const logFile = join(dataFolder, 'logs', 'vindima.log');
  const log = openLogFile({ path: logFile });
  const logger = createLogger({ name: 'vindima', level: config.LOG_LEVEL, destination: log });
  const running: RunningService[] = [];
  let bus: Bus | undefined;
  const stop = async () => {
    for (const service of [...running].reverse()) await service.stop();
    await bus?.close();
    await log.close();
    await unlock();
  };
  try {
    bus = await openBus({ ...config, DATA_DIR: dataFolder }, 'vindima', logger);
    const auth = environment.AUTH === 'required' ? 'required' : 'local';
    // Where credentials are asked for, the services' own ports are no way round the gateway.
    const internalToken = config.INTERNAL_TOKEN ?? (auth === 'required' ? randomBytes(32).toString('hex') : undefined);
    const shared = { ...environment, DATA_DIR: dataFolder, AUTH: auth, INTERNAL_TOKEN: internalToken };
    const sandboxUrl = config.UPSTREAMS === 'sandbox' ? await startSandbox(shared, logger, running) : undefined;
    const own = { ...shared, SANDBOX_URL: sandboxUrl };
    for (const service of services) running.push(await startOne(service, own, logger, bus));
    const door = gatewayBeside(() =>
      running.map(({ url, app }) => ({ url, host: new URL(url).host, server: app.server })),
    );
    running.push(await startOne(door, { ...own, ...addressesOf(running) }, logger, bus));
    return { services: running, upstreams: config.UPSTREAMS, auth, internalToken, dataFolder, logFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** `WINE_URL` and so on, for the gateway. */
const addressesOf = (running: readonly RunningService[]): Environment =>
  Object.fromEntries(running.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]));

const startSandbox = async (environment: Environment, logger: Logger, running: RunningService[]) => {
  const started = await startOne(standIns, environment, logger);
  running.push(started);
  return started.url;
};

const startOne = async (service: Service, environment: Environment, logger: Logger, bus?: Bus) => {
  const port = `${service.name.toUpperCase()}_PORT`;
  const own = { ...environment, HOST: '127.0.0.1', PORT: environment[port] };
  try {
    return await startService(service, { environment: own, logger, ...(bus && { bus }) });
  } catch (error) {
    if (error instanceof ConfigurationError && error.message.startsWith('Port ')) {
      throw new ConfigurationError(`${error.message} (${service.title}: set ${port})`);
    }
    throw error;
  }
};

/** Each service has its own database: one name for all of them would mix them up. */
const refuseSharedDatabase = (url: string | undefined) => {
  if (url === undefined || (url.startsWith('mysql:') && new URL(url).pathname.length <= 1)) return;
  throw new ConfigurationError(
    'DATABASE_URL: with all services in one process, expected mysql://user:password@host:3306 without a database name (each service has its own).',
  );
};

const openDataFolder = async (folder: string) => {
  try {
    await mkdir(folder, { recursive: true });
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(
      `DATA_DIR=${folder}: expected a folder that can be written (${(error as Error).message})`,
    );
  }
};
