import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WineChangesPage, WineHeldFile } from '@vindima/contracts';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file, realFile, vintages } from '../support/files.ts';
import { ended, ingest, post, startSandbox, startWine, statusOf } from '../support/platform.ts';

const years = Array.from({ length: 20 }, (_, index) => 1990 + index);
const trade = (change: (year: number) => number | string = (year) => year * 1000) =>
  file(
    `Id;País;${years.flatMap((year) => [year, year]).join(';')}`,
    ...['Chile', 'Peru', 'Japão', 'Uruguai'].map(
      (country, at) =>
        `${at};${country};${years.flatMap((year) => [at === 0 ? change(year) : year * 2000, year * 30]).join(';')}`,
    ),
  );

describe('the vintages of a file', () => {
  let site: string;
  let sandbox: RunningService;
  let wine: RunningService;
  const json = async <Body>(path: string) => (await (await fetch(`${wine.url}${path}`)).json()) as Body;
  const serve = (text: string) => writeFileSync(join(site, 'ExpVinho.csv'), text);
  const outcome = async () => (await ingest(wine, { series: ['export-wine'] })).result?.series[0] ?? null;
  const accept = (body: unknown) => fetch(`${wine.url}/wine/ingestions`, post(body, { 'x-vindima-user': 'user:ana' }));

  beforeEach(async () => {
    site = temporaryFolder();
    mkdirSync(site, { recursive: true });
    serve(trade());
    sandbox = await startSandbox({ SANDBOX_VITIBRASIL_DIR: site });
    wine = await startWine(sandbox, { WINE_TIMEOUT_SECONDS: '20' });
    expect((await outcome())?.outcome).toBe('ingested');
  });
  afterEach(async () => {
    await wine.stop();
    await sandbox.stop();
  });

  it('are held when they are not what they say, and taken by their SHA-256', async () => {
    const good = await (await fetch(`${wine.url}/exportacaoCSV/tipo/Vinho`)).text();
    serve(trade((year) => year));
    const held = await ingest(wine, { series: ['export-wine'] }).catch(() => null);
    expect(held?.error?.code ?? held?.state).toBe('wine.ingestion_failed');
    expect(await (await fetch(`${wine.url}/exportacaoCSV/tipo/Vinho`)).text()).toBe(good);
    const status = await statusOf(wine, 'export-wine');
    expect(status).toMatchObject({
      stale: true,
      last_error: { code: 'wine.file_held', error: expect.stringContaining('Chile') },
    });
    const { items } = await json<{ items: WineHeldFile[] }>('/wine/held');
    expect(items).toMatchObject([{ series: 'export-wine', findings: [{ code: 'figures_changed' }] }]);

    expect((await accept({ accept: ['0'.repeat(64)] })).status).toBe(409);
    const started = await accept({ accept: [items[0]?.sha256] });
    expect(started.status).toBe(202);
    const { id } = (await started.json()) as { id: string };
    expect(await ended(wine, id)).toMatchObject({ state: 'succeeded', requested: { accept: [items[0]?.sha256] } });
    expect(await json('/wine/held')).toMatchObject({ items: [] });
    expect(await statusOf(wine, 'export-wine')).toMatchObject({ stale: false, last_error: null });
    expect(await json('/wine/series/export-wine/vintages')).toMatchObject({
      items: [{ sha256: items[0]?.sha256, accepted_by: expect.any(String) }, { accepted_by: null }],
    });
    // Taken once, it is known; and so is the one before.
    expect((await outcome())?.outcome).toBe('unchanged');
    serve(trade());
    expect((await outcome())?.outcome).toBe('ingested');
  });

  it('are kept: what changed is listed, and the past is answered as it was', async () => {
    const before = new Date().toISOString();
    serve(trade((year) => (year === 2001 ? 2001500 : year * 1000)).replace('1990000', ''));
    expect((await outcome())?.outcome).toBe('ingested');
    serve(trade((year) => (year === 2001 ? 2001500 : year * 1000)));
    expect((await outcome())?.outcome).toBe('ingested');
    const changes = await json<WineChangesPage>('/wine/changes');
    expect(changes.items).toMatchObject([
      {
        kind: 'withdrawn',
        name: 'Chile',
        year: 1990,
        measure: 'quantity',
        before: 1990000,
        after: null,
        after_missing_reason: 'blank',
      },
      { kind: 'revised', name: 'Chile', year: 2001, before: 2001000, after: 2001500, unit: 'kg' },
      { kind: 'filled', year: 1990, before: null, after: 1990000 },
    ]);
    expect(changes.next_after).toBe(changes.last);
    expect((await json<WineChangesPage>('/wine/changes?kind=revised')).items).toHaveLength(1);
    expect((await json<WineChangesPage>(`/wine/changes?after=${changes.last}`)).items).toEqual([]);

    const source = (asOf: string) => fetch(`${wine.url}/wine/series/export-wine/source?as_of=${asOf}`);
    expect(await (await source(before)).text()).toBe(trade());
    expect(await (await source(new Date().toISOString())).text()).toBe(
      readFileSync(join(site, 'ExpVinho.csv'), 'utf8'),
    );
    expect((await source('2001-01-01T00:00:00.000Z')).status).toBe(404);
    expect((await json<{ items: unknown[] }>('/wine/series/export-wine/vintages')).items).toHaveLength(3);
  });
});

describe.skipIf(vintages.length < 2)('the real vintages', () => {
  it('follow each other unasked, and their changes are told', async () => {
    const site = temporaryFolder();
    mkdirSync(site, { recursive: true });
    const sandbox = await startSandbox({ SANDBOX_VITIBRASIL_DIR: site });
    const wine = await startWine(sandbox, { WINE_TIMEOUT_SECONDS: '20' });
    try {
      for (const { folder } of vintages.toReversed()) {
        for (const name of ['ImpVinhos.csv', 'ExpUva.csv']) writeFileSync(join(site, name), realFile(folder, name));
        const { result } = await ingest(wine, { series: ['import-wine', 'export-grapes'] });
        expect(result?.series.map((series) => series.outcome)).toEqual(['ingested', 'ingested']);
      }
      const { items } = (await (await fetch(`${wine.url}/wine/changes?kind=revised`)).json()) as WineChangesPage;
      expect(items.map(({ name, before, after }) => [name, before, after])).toEqual(
        expect.arrayContaining([
          ['Moldávia', 0, 51189],
          ['Montenegro', 51189, 0],
        ]),
      );
    } finally {
      await wine.stop();
      await sandbox.stop();
    }
  });
});
