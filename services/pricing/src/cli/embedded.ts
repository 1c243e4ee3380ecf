import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  CommonConfig,
  createLogger,
  type Environment,
  readConfig,
  startService,
  withVariables,
} from '@vindima/service-kit';
import { pricing } from '../service.ts';

/**
 * Starts the service for one command: on a free port, with a database of its own in DATA_DIR that is removed with it, on the sandbox
 * unless the environment says otherwise.
 */
export const startEmbedded = async (environment: Environment) => {
  const config = readConfig(CommonConfig, environment);
  const parent = resolve(config.DATA_DIR);
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'prices-'));
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const logger = createLogger({ name: 'prices', level: 'silent' });
    const own = withVariables(environment, {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: undefined,
      NATS_URL: undefined,
      OBJECT_STORE_URL: undefined,
      INTERNAL_TOKEN: undefined,
      PRICING_SCHEDULE: 'off',
      PRICING_HISTORY_FROM: 'off',
      PRICING_RUN_AT_START: 'false',
    });
    let sandboxUrl = environment.SANDBOX_URL;
    if (config.UPSTREAMS !== 'live' && !sandboxUrl) {
      // The only place where this service meets another one: a terminal has nobody else to start it.
      const { sandbox } = await import('@vindima/sandbox');
      const standIn = await startService(sandbox, { environment: own, logger });
      closing.push(() => standIn.stop());
      sandboxUrl = standIn.url;
    }
    const service = await startService(pricing, { environment: { ...own, SANDBOX_URL: sandboxUrl }, logger });
    closing.push(() => service.stop());
    return { url: service.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
