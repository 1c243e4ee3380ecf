import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sandbox } from '../src/service.ts';

describe('the fault switch', () => {
  let running: RunningService;
  let base: string;
  const path = '/download/Producao.csv';

  const fail = (fault: string, more: object = {}) =>
    fetch(`${base}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path, fault, ...more }),
    });

  beforeAll(async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    running = await startService(sandbox, { environment: { PORT: '0' }, logger });
    base = running.url;
  });
  afterEach(async () => {
    await fetch(`${base}/sandbox/faults`, { method: 'DELETE' });
  });
  afterAll(() => running.stop());

  it('answers a web page, nothing, or noise with status 200', async () => {
    await fail('html');
    const page = await fetch(base + path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    await fail('empty');
    expect(await (await fetch(base + path)).text()).toBe('');
    await fail('garbage');
    expect((await (await fetch(base + path)).arrayBuffer()).byteLength).toBe(4096);
  });

  it('answers the statuses of a failing server', async () => {
    await fail('500');
    expect((await fetch(base + path)).status).toBe(500);
    await fail('429', { retry_after: 7 });
    const limited = await fetch(base + path);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('cuts a body short, with and without saying so', async () => {
    const whole = (await (await fetch(base + path)).arrayBuffer()).byteLength;
    await fail('short');
    expect((await (await fetch(base + path)).arrayBuffer()).byteLength).toBe(Math.ceil(whole / 2));
    await fail('cut');
    const cut = await fetch(base + path);
    expect(Number(cut.headers.get('content-length'))).toBe(whole);
    await expect(cut.arrayBuffer()).rejects.toThrow();
  });

  it('tears the connection down, or never answers', async () => {
    await fail('reset');
    await expect(fetch(base + path)).rejects.toThrow();
    await fail('hang');
    await expect(fetch(base + path, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/);
  });

  it('sends a body that does not end', async () => {
    await fail('huge');
    const reader = (await fetch(base + path)).body?.getReader();
    let read = 0;
    while (read < 1e6) read += (await reader?.read())?.value?.length ?? Number.NaN;
    await reader?.cancel();
    expect(read).toBeGreaterThanOrEqual(1e6);
  });

  it('fails as often as it was told, then answers the truth', async () => {
    const truth = (await fetch(base + path)).status;
    await fail('500', { times: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await fetch(base + path)).status);
    expect(statuses).toEqual([500, 500, truth]);
  });

  it('holds for every path that a pattern matches, until it is removed', async () => {
    await fail('500', { path: '/download/*' });
    expect((await fetch(`${base}/download/Comercio.csv?x=1`)).status).toBe(500);
    expect(await (await fetch(`${base}/sandbox/faults`)).json()).toEqual({
      items: [{ path: '/download/*', fault: '500' }],
    });
    await fetch(`${base}/sandbox/faults?path=${encodeURIComponent('/download/*')}`, { method: 'DELETE' });
    expect(await (await fetch(`${base}/sandbox/faults`)).json()).toEqual({ items: [] });
  });

  it('refuses a fault that it does not know', async () => {
    expect((await fail('explode')).status).toBe(400);
  });
});
