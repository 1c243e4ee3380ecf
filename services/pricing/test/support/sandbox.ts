import { sandbox } from '@vindima/sandbox';
import { createLogger, startService } from '@vindima/service-kit';

/** A sandbox of the test's own, on a free port. */
export const startSandbox = async (clock = () => new Date()) => {
  const logger = createLogger({ name: 'sandbox', level: 'silent' });
  const running = await startService(sandbox, { environment: { PORT: '0' }, logger, clock });
  const { url } = running;
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(url + path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  };
  return {
    url,
    storeUrl: `${url}/store/api/v1`,
    ecbUrl: `${url}/ecb/service`,
    currencyUrl: `${url}/ecb/service/data/EXR/D..EUR.SP00.A`,
    call,
    fail: (path: string, fault: string, more: object = {}) => call('POST', '/sandbox/faults', { path, fault, ...more }),
    heal: () => call('DELETE', '/sandbox/faults'),
    close: () => running.stop(),
  };
};
export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;
