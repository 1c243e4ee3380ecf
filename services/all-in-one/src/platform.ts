import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { gatewayBeside } from '@vindima/gateway';
import type { Bus } from '@vindima/messaging';
import {
  ConfigurationError,
  createLogger,
  type Environment,
  openBus,
  openLogFile,
  openPrivateFolder,
  type RunningService,
  readVariables,
  type Service,
  type StartOptions,
  secretValues,
  startService,
  withVariables,
} from '@vindima/service-kit';
import { PlatformConfig, portVariable } from './config.ts';
import { lockFolder } from './lock-folder.ts';
import { services, standIns } from './services.ts';

export interface Platform {
  readonly services: readonly RunningService[];
  readonly upstreams: 'sandbox' | 'live';
  /** Whether calls from this machine pass without credentials. */
  readonly auth: 'local' | 'required';
  /** What the services want to hear from whoever calls them past the gateway, where they ask. */
  readonly internalToken: string;
  readonly dataFolder: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/**
 * Starts every service in this process. They share a bus and a data folder, nothing else: each has its port
 * (`WINE_PORT`, ...), its database and its own configuration, as when it runs alone.
 *
 * @param tell hears, in sentences, what there is to notice about the variables, and what the start is waiting for
 */
export const startPlatform = async (
  environment: Environment,
  tell: (sentence: string) => void = () => {},
): Promise<Platform> => {
  const read = readVariables(PlatformConfig, environment);
  const config = read.config as PlatformConfig;
  for (const notice of read.notices) tell(notice);
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
    bus = await openBus({ ...config, DATA_DIR: dataFolder }, 'vindima', logger, tell);
    const { UPSTREAMS: upstreams, AUTH: auth } = config;
    // By its token the services know the gateway's word for who calls. Where credentials are asked for, their own ports are no way round it.
    const internalToken = config.INTERNAL_TOKEN ?? randomBytes(32).toString('hex');
    const answersLocalCalls = auth === 'local' && config.INTERNAL_TOKEN === undefined;
    const shared = withVariables(environment, {
      DATA_DIR: dataFolder,
      AUTH: auth,
      INTERNAL_TOKEN: internalToken,
    });
    const start = (service: Service, variables: Environment, options: Partial<StartOptions> = {}) =>
      startOne(service, config, { logger, tell, quietly: true, ...options, environment: variables });
    if (upstreams === 'sandbox') running.push(await start(standIns, shared, { answersLocalCalls: true }));
    const own = withVariables(shared, { SANDBOX_URL: running[0]?.url });
    for (const service of services) running.push(await start(service, own, { bus, answersLocalCalls }));
    const door = gatewayBeside(() =>
      running.map(({ url, app }) => ({ url, host: new URL(url).host, server: app.server })),
    );
    running.push(await start(door, withVariables(own, addressesOf(running)), { bus }));
    return {
      services: running,
      upstreams,
      auth,
      internalToken: secretValues(internalToken)[0] ?? internalToken,
      dataFolder,
      logFile,
      stop,
    };
  } catch (error) {
    // Why it does not start is what counts; what could not be closed is in the log.
    await stop().catch(() => {});
    throw error;
  }
};

/** `WINE_URL` and so on, for the gateway. */
const addressesOf = (running: readonly RunningService[]): Environment =>
  Object.fromEntries(running.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]));

const startOne = async (service: Service, config: PlatformConfig, options: StartOptions) => {
  const port = portVariable(service);
  const environment = withVariables(options.environment, { HOST: '127.0.0.1', PORT: String(config[port]) });
  try {
    return await startService(service, { ...options, environment });
  } catch (error) {
    if (error instanceof ConfigurationError && error.message.startsWith('Port ')) {
      throw new ConfigurationError(`${error.message} (${service.title}: set ${port})`);
    }
    throw error;
  }
};

/** Each service has its own database: one name for all of them would mix them up. */
const refuseSharedDatabase = (url: string | undefined) => {
  if (url === undefined || (url.startsWith('mysql:') && URL.canParse(url) && new URL(url).pathname.length <= 1)) return;
  throw new ConfigurationError(
    'DATABASE_URL: with all services in one process, expected mysql://user:password@host:3306 without a database name (each service has its own).',
  );
};

const openDataFolder = async (folder: string) => {
  try {
    await openPrivateFolder(folder);
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(
      `DATA_DIR=${folder}: expected a folder that can be written (${(error as Error).message})`,
    );
  }
};
