import type { RunningService } from '@vindima/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breakSandbox, ingest, startSandbox, startWine, statusOf } from '../support/platform.ts';

const path = '/download/Producao.csv';

describe('a wine service whose upstream fails', () => {
  let sandbox: RunningService;
  let wine: RunningService;
  let good: string;
  const body = async () => (await fetch(`${wine.url}/producaoCSV`)).text();

  beforeAll(async () => {
    sandbox = await startSandbox();
    wine = await startWine(sandbox, { WINE_MAXIMUM_FILE_BYTES: '2000000' });
    expect((await ingest(wine)).state).toBe('succeeded');
    good = await body();
  });
  afterEach(async () => {
    await breakSandbox(sandbox);
    expect((await ingest(wine, { series: ['production'] })).state).toBe('succeeded');
    expect(await statusOf(wine, 'production')).toMatchObject({ stale: false, last_error: null });
  });
  afterAll(async () => {
    await wine?.stop();
    await sandbox?.stop();
  });

  it.each([
    ['html', 'wine.unusable_file', /web page/],
    ['empty', 'wine.unusable_file', /empty/],
    ['short', 'wine.unusable_file', /cut short/],
    ['garbage', 'wine.unusable_file', /not text/],
    ['cut', 'upstream.failed', /cut short|closed before/],
    ['500', 'upstream.failed', /answered 500/],
    ['429', 'upstream.failed', /answered 429/],
    ['hang', 'upstream.timeout', /within 500 ms/],
    ['reset', 'upstream.failed', /closed/],
    ['huge', 'upstream.failed', /larger than 2000000 bytes/],
  ])('with %s keeps serving what it had, and says so', async (fault, code, message) => {
    await breakSandbox(sandbox, { path, fault });
    const { state, result } = await ingest(wine, { series: ['production', 'commercialization'] });
    expect(state).toBe('partial');
    expect(result?.series.map(({ series, outcome }) => [series, outcome])).toEqual([
      ['production', 'failed'],
      ['commercialization', 'unchanged'],
    ]);
    expect(result?.series[0]?.error?.error).toMatch(message);

    expect(await body()).toBe(good);
    expect((await fetch(`${wine.url}/producaoCSV`)).headers.get('x-vindima-stale')).toBe('true');
    const status = await statusOf(wine, 'production');
    expect(status).toMatchObject({ stale: true, last_error: { code, url: sandbox.url + path } });
    expect(status.last_error?.error).toMatch(message);
    expect(status.last_error?.error).toContain(sandbox.url + path);
    expect(await statusOf(wine, 'commercialization')).toMatchObject({ stale: false, last_error: null });
  });

  it('goes on after a failure that passes', async () => {
    for (const fault of ['500', '429', 'reset', 'hang', 'cut']) {
      await breakSandbox(sandbox, { path, fault, times: 1 });
      const { result } = await ingest(wine, { series: ['production'], force: true });
      expect([fault, result?.series[0]?.outcome]).toEqual([fault, 'ingested']);
    }
  });

  it('ends as failed when no series could be ingested, and says why for each', async () => {
    await breakSandbox(sandbox, { path: '/download/*', fault: 'html' });
    const ingestion = await ingest(wine);
    expect([ingestion.state, ingestion.error?.code]).toEqual(['failed', 'wine.ingestion_failed']);
    expect(ingestion.result?.series).toHaveLength(15);
    expect(ingestion.result?.series.every(({ error }) => error?.code === 'wine.unusable_file')).toBe(true);
    await breakSandbox(sandbox);
    await ingest(wine);
  });
});

describe('a wine service that never had data', () => {
  it('answers 503 with the reason, and takes what it can get', async () => {
    const sandbox = await startSandbox();
    const wine = await startWine(sandbox);
    try {
      const before = await fetch(`${wine.url}/producaoCSV`);
      expect([before.status, before.headers.get('retry-after')]).toEqual([503, '10']);
      await breakSandbox(sandbox, { path, fault: 'html' });
      expect((await ingest(wine)).state).toBe('partial');
      const after = (await (await fetch(`${wine.url}/producaoCSV`)).json()) as { code: string; error: string };
      expect(after.code).toBe('wine.no_data');
      expect(after.error).toContain(`${sandbox.url}${path}`);
      expect((await fetch(`${wine.url}/comercializacaoCSV`)).status).toBe(200);
    } finally {
      await wine.stop();
      await sandbox.stop();
    }
  });
});
