import { sandbox } from '@vindima/sandbox';
import { createLogger, type RunningService, type StartOptions, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { images } from '../../src/service.ts';

export const logger = createLogger({ name: 'test', level: 'silent' });

export const startSandbox = () => startService(sandbox, { environment: { PORT: '0' }, logger });

/** The images service with all its state in a folder of its own. Give a `DATA_DIR` to start it on what another left. */
export const startImages = (
  environment: Record<string, string> = {},
  options: Omit<Partial<StartOptions>, 'environment'> = {},
) =>
  startService(images, {
    environment: { PORT: '0', DATA_DIR: temporaryFolder(), TAGGER_THREADS: '1', ...environment },
    logger,
    ...options,
  });

/** Switches a failure of the sandbox on, or all of them off. */
export const breakSandbox = async ({ url }: Pick<RunningService, 'url'>, fault?: object): Promise<void> => {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) };
  await fetch(`${url}/sandbox/faults`, fault === undefined ? { method: 'DELETE' } : request);
};

/** Sends JSON. */
export const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Sends a file as the body. */
export const postFile = (url: string, bytes: Uint8Array, contentType = 'application/octet-stream'): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body: new Uint8Array(bytes) });

/** An answer's JSON, whatever it is. */
export const json = async <Body = Record<string, unknown>>(response: Response | Promise<Response>): Promise<Body> =>
  (await (await response).json()) as Body;

/** Asks until the answer is true. */
export const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 25));
};
