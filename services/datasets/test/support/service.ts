import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '@vindima/messaging';
import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { datasets } from '../../src/index.ts';

/** A running service with a folder of its own, both gone when it is stopped. */
export const startDatasets = async (
  environment: Readonly<Record<string, string>> = {},
  bus?: Bus,
): Promise<RunningService> => {
  const folder = await mkdtemp(join(tmpdir(), 'datasets-service-'));
  const running = await startService(datasets, {
    environment: {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      SCRATCH_DIR: join(folder, 'scratch'),
      RATE_LIMIT: '0',
      ...environment,
    },
    logger: createLogger({ name: 'test', level: 'silent' }),
    ...(bus && { bus }),
  });
  return {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Calls of a client; bodies are what the test says that they are. */
export const clientOf = (url: string) => {
  const answer = async <Body>(response: Response): Promise<Answer<Body>> => {
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Body };
  };
  return {
    upload: async <Body = Record<string, unknown>>(
      filename: string,
      content: string | Uint8Array<ArrayBuffer>,
      fields: Readonly<Record<string, string>> = {},
    ) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new Blob([content]), filename);
      return answer<Body>(await fetch(`${url}/api/upload`, { method: 'POST', body: form }));
    },
    post: async <Body = Record<string, unknown>>(path: string, body: unknown, headers: Record<string, string> = {}) =>
      answer<Body>(
        await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
    get: async <Body = Record<string, unknown>>(path: string) => answer<Body>(await fetch(`${url}${path}`)),
    delete: async (path: string) => answer<unknown>(await fetch(`${url}${path}`, { method: 'DELETE' })),
    download: async (path: string) => new Uint8Array(await (await fetch(`${url}${path}`)).arrayBuffer()),
  };
};
export type Client = ReturnType<typeof clientOf>;
