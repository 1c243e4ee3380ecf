import { healthOperations } from '@vindima/contracts';
import type { App } from './app.ts';
import { implement } from './implement.ts';

/** Rejects, saying why, when something that the service needs does not work. */
export type HealthCheck = () => Promise<void>;

/**
 * `/health/live`: the process answers. `/health/ready`: all that it needs answers too, within two seconds; else 503.
 * Both stay open without credentials: a load balancer asks them.
 */
export const registerHealth = (
  app: App,
  service: { name: string; version: string },
  checks: Map<string, HealthCheck>,
): void => {
  const about = { service: service.name, version: service.version };
  const { isAlive, isReady } = healthOperations(service.name);
  implement({ app }, isAlive, async () => ({ status: 'ok', ...about, checks: {} }));
  implement({ app }, isReady, async (_, reply) => {
    const results = await Promise.all([...checks].map(async ([name, check]) => [name, await outcome(check)] as const));
    const ready = results.every(([, result]) => result === 'ok');
    reply.code(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'not ready', ...about, checks: Object.fromEntries(results) };
  });
};

const outcome = async (check: HealthCheck): Promise<string> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer within 2 s'), 2000);
  });
  try {
    return await Promise.race([check().then(() => 'ok'), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
};
