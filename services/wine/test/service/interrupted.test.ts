import type { Job } from '@vindima/contracts';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breakSandbox, ended, ingest, post, startSandbox, startWine, statusOf, until } from '../support/platform.ts';

/** An ingestion that hangs on one file, with all others done. */
describe('an ingestion that is interrupted', () => {
  let sandbox: RunningService;
  const running: RunningService[] = [];
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await breakSandbox(sandbox);
    for (const service of running.splice(0)) await service.stop();
  });
  afterAll(() => sandbox?.stop());

  const startHanging = async (environment: Record<string, string>) => {
    const wine = await startWine(sandbox, { WINE_TIMEOUT_SECONDS: '60', ...environment });
    running.push(wine);
    await breakSandbox(sandbox, { path: '/download/ExpSuco.csv', fault: 'hang' });
    const { id } = (await (await fetch(`${wine.url}/wine/ingestions`, post({}))).json()) as Job;
    await until(async () => ((await statusOf(wine, 'export-grapes')).rows === null ? undefined : true));
    return { wine, id };
  };

  it('by a person is cancelled, and what it had done stays', async () => {
    const { wine, id } = await startHanging({});
    expect((await fetch(`${wine.url}/jobs/${id}`, { method: 'DELETE' })).status).toBe(202);
    expect((await ended(wine, id)).state).toBe('cancelled');
    expect((await fetch(`${wine.url}/producaoCSV`)).status).toBe(200);
    expect(await statusOf(wine, 'export-juice')).toMatchObject({ rows: null, last_error: null });
    await breakSandbox(sandbox);
    expect((await ingest(wine, { series: ['export-juice'] })).state).toBe('succeeded');
  });

  it('by a stop goes on after the restart, and does nothing twice', async () => {
    const environment = { DATA_DIR: temporaryFolder() };
    const { wine, id } = await startHanging(environment);
    const before = await statusOf(wine, 'production');
    await wine.stop();
    await breakSandbox(sandbox);
    const restarted = await startWine(sandbox, environment);
    running.push(restarted);
    const ingestion = await ended(restarted, id);
    expect(ingestion.state).toBe('succeeded');
    expect(ingestion.result?.series.every(({ outcome }) => outcome === 'ingested')).toBe(true);
    expect((await statusOf(restarted, 'production')).fetched_at).toBe(before.fetched_at);
    expect((await statusOf(restarted, 'export-juice')).rows).not.toBeNull();
  });
});
