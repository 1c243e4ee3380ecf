import { Type } from 'typebox';
import type { App } from './app.ts';

/** Rejects, saying why, when something that the service needs does not work. */
export type HealthCheck = () => Promise<void>;

const Health = Type.Object(
  {
    status: Type.String({ examples: ['ok'] }),
    service: Type.String(),
    version: Type.String(),
    checks: Type.Record(Type.String(), Type.String(), {
      description: '`ok`, or what is wrong, for each thing that is needed',
    }),
  },
  { title: 'Health' },
);

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
  app.get(
    '/health/live',
    { schema: { tags: ['health'], summary: 'Is the process alive?', response: { 200: Health } } },
    async () => ({
      status: 'ok',
      ...about,
      checks: {},
    }),
  );
  app.get(
    '/health/ready',
    { schema: { tags: ['health'], summary: 'Can it do its work?', response: { 200: Health, 503: Health } } },
    async (_, reply) => {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await outcome(check)] as const),
      );
      const ready = results.every(([, result]) => result === 'ok');
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? 'ok' : 'not ready', ...about, checks: Object.fromEntries(results) });
    },
  );
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
