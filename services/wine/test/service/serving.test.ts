import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { WineSeriesStatus } from '@vindima/contracts';
import type { RunningService } from '@vindima/service-kit';
import { tableFromIPC } from 'apache-arrow';
import { Value } from 'typebox/value';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { ingest, startSandbox, startWine } from '../support/platform.ts';

describe('the wine service', () => {
  let sandbox: RunningService;
  let wine: RunningService;
  beforeAll(async () => {
    sandbox = await startSandbox();
    wine = await startWine(sandbox);
    expect((await ingest(wine)).state).toBe('succeeded');
  });
  afterAll(async () => {
    await wine?.stop();
    await sandbox?.stop();
  });
  const get = (path: string, headers: Record<string, string> = {}) => fetch(wine.url + path, { headers });
  const json = async (path: string, headers: Record<string, string> = {}) =>
    (await (await get(path, headers)).json()) as Record<string, unknown> & { items: Record<string, unknown>[] };

  it('answers every existing address, in any case, with or without a slash at its end', async () => {
    for (const { legacy_path: path } of catalogue) {
      for (const form of [path, `${path}/`, `${path}?t=1`]) {
        const response = await get(form);
        expect([form, response.status, response.headers.get('content-type')]).toEqual([
          form,
          200,
          'application/json; charset=utf-8',
        ]);
        expect(response.headers.get('x-vindima-source')).toBe('sandbox');
      }
    }
    const upper = await get('/exportacaoCSV/tipo/VINHO');
    expect(await upper.text()).toBe(await (await get('/exportacaoCSV/tipo/vinho')).text());
    const body = await (await get('/importacaoCSV/tipo/Vinhos')).text();
    expect(body).toMatch(/^\[\{"Id":1,"País":"Africa do Sul","1970":\d+,"1970\.1":\d+,"1971":/);
  });

  it('names the valid ones to who asks for an unknown tipo or series', async () => {
    const unknown = await get('/importacaoCSV/tipo/Vinho');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      code: 'wine.unknown_tipo',
      status_code: 404,
      details: { valid: ['Vinhos', 'Espumantes', 'Frescas', 'Passas', 'Suco'] },
    });
    expect(await json('/wine/series/beer')).toMatchObject({ code: 'wine.unknown_series' });
    expect(await json('/wine/series/beer/checks')).toMatchObject({ code: 'wine.unknown_series' });
  });

  it.each(['/producaoCSV', '/wine/series/production', '/wine/series/production?format=arrow'])(
    'sends %s once to who keeps it, and compressed to who can read that',
    async (path) => {
      const plain = await request(wine.url + path);
      const bytes = Buffer.from(await plain.body.arrayBuffer());
      const etag = String(plain.headers.etag);
      for (const [known, status] of [
        [etag, 304],
        [`"other", ${etag}`, 304],
        [etag.replace('W/', ''), 304],
        ['*', 304],
        ['"other"', 200],
      ] as const) {
        expect([known, (await get(path, { 'if-none-match': known })).status]).toEqual([known, status]);
      }
      for (const [accepted, encoding, decode] of [
        ['gzip, deflate, br', 'br', brotliDecompressSync],
        ['gzip', 'gzip', gunzipSync],
        ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
        ['deflate', undefined, (buffer: Buffer) => buffer],
        ['identity', undefined, (buffer: Buffer) => buffer],
      ] as const) {
        const response = await request(wine.url + path, { headers: { 'accept-encoding': accepted } });
        expect([accepted, response.headers['content-encoding']]).toEqual([accepted, encoding]);
        expect(decode(Buffer.from(await response.body.arrayBuffer())).equals(bytes)).toBe(true);
        expect(response.headers.etag).toBe(etag);
      }
    },
  );

  it('lists what it knows of each series', async () => {
    const { items } = await json('/wine/series');
    expect(items.map(({ id }) => id)).toEqual(catalogue.map(({ id }) => id));
    expect(items[0]).toMatchObject({
      id: 'production',
      file: 'Producao.csv',
      years: { first: 1970, last: 2023 },
      stale: false,
      last_error: null,
      source: { kind: 'sandbox', url: `${sandbox.url}/download/Producao.csv` },
    });
    expect(items.every(({ rows }) => Number(rows) > 0)).toBe(true);
    // The body is text already, so no serializer holds it to the contract.
    expect(items.flatMap((item) => [...Value.Errors(WineSeriesStatus, item)])).toEqual([]);
  });

  it('filters figures, refuses what it does not understand', async () => {
    const { items } = await json(
      '/wine/series/import-wine?form=long&country=ARGENTINA&year_from=2023&year_to=2023&measure=value',
    );
    expect(items).toMatchObject([{ country: 'Argentina', year: 2023, measure: 'value', unit: 'US$' }]);
    for (const wrong of [
      'year_from=abc',
      'measure=price',
      'totals=some',
      'format=xml',
      'limit=0',
      'colour=red',
      'cursor=x',
    ]) {
      expect([wrong, (await get(`/wine/series/production?${wrong}`)).status]).toEqual([wrong, 400]);
    }
  });

  it('pages through figures: together they are the whole', async () => {
    const whole = (await (await get('/wine/series/commercialization?format=ndjson')).text()).trimEnd().split('\n');
    const items: unknown[] = [];
    let cursor: unknown = null;
    do {
      const page: Awaited<ReturnType<typeof json>> = await json(
        `/wine/series/commercialization?limit=400${cursor === null ? '' : `&cursor=${String(cursor)}`}`,
      );
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(items).toEqual(whole.map((line) => JSON.parse(line)));
    const first = await json('/wine/series/commercialization?limit=1');
    expect(await json(`/wine/series/production?limit=1&cursor=${String(first.next_cursor)}`)).toMatchObject({
      code: 'wine.expired_cursor',
    });
  });

  it('answers in the format that is asked for, by parameter or by Accept', async () => {
    const total = Number((await get('/wine/series/production?limit=1')).headers.get('x-total-count'));
    const path = '/wine/series/production';
    expect((await (await get(`${path}?format=csv`)).text()).trimEnd().split('\n')).toHaveLength(total + 1);
    expect((await get(path, { accept: 'text/csv' })).headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect((await get(path, { accept: 'image/png' })).headers.get('content-type')).toMatch('application/json');
    expect((await get(`${path}?format=json`, { accept: 'text/csv' })).headers.get('content-type')).toMatch('json');
    const arrow = tableFromIPC(new Uint8Array(await (await get(`${path}?format=arrow`)).arrayBuffer()));
    expect([arrow.numRows, arrow.getChild('year')?.get(0)]).toEqual([total, 1970]);
    const parquet = Buffer.from(await (await get(path, { accept: 'application/vnd.apache.parquet' })).arrayBuffer());
    expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  it('answers what adds up: without totals, quantity and value apart', async () => {
    const { items, total } = (await json(
      '/wine/series/import-wine?country=Argentina,DE&year_from=2023&year_to=2023',
    )) as unknown as {
      items: unknown[];
      total: number;
    };
    expect(items).toMatchObject([
      { name: 'Alemanha', country: 'Germany', iso: 'DEU' },
      { name: 'Alemanha, República Democrática', country: 'Germany', iso: 'DEU' },
      {
        country: 'Argentina',
        year: 2023,
        quantity: expect.any(Number),
        unit: 'kg',
        value_usd: expect.any(Number),
        is_total: false,
      },
    ]);
    expect(total).toBe(3);
    const csv = await (await get('/wine/series/production?format=csv')).text();
    expect(csv.split('\n')[0]).toBe(
      'series,section,name,country,iso,year,quantity,unit,value_usd,is_total,doubtful,missing_reason,is_residual',
    );
    expect(csv).toContain(',true\n');
    expect(await json('/wine/series/import-wine?country=Argentna')).toMatchObject({
      code: 'wine.no_match',
      details: { nearest: ['Argentina'] },
    });
    const old = await json('/wine/series/production?form=long&totals=include&limit=1');
    expect(old.items[0]).toMatchObject({ row_number: 1, measure: 'quantity', is_total: true });
    expect((await get('/wine/series/production?as_of=2001-01-01T00:00:00.000Z')).status).toBe(404);
    const now = new Date().toISOString();
    expect(await (await get(`/wine/series/production?as_of=${now}`)).text()).toBe(
      await (await get('/wine/series/production')).text(),
    );
  });

  it('checks totals', async () => {
    const checks = await json('/wine/series/production/checks');
    expect(checks).toMatchObject({
      series: 'production',
      mismatches: [{ section: 'VINHO DE MESA', year: 2022, difference: 1 }],
    });
    const etag = String((await get('/wine/series/production/checks')).headers.get('etag'));
    expect((await get('/wine/series/production/checks', { 'if-none-match': etag })).status).toBe(304);
  });

  it('measures the age of each series, and whether it is stale', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/wine_series_age_seconds\{series="production".*\} \d/);
    expect(text).toMatch(/wine_series_stale\{series="production".*\} 0/);
  });

  it('documents every address', async () => {
    const { paths } = (await json('/openapi.json')) as unknown as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/producaoCSV',
        '/comercializacaoCSV',
        '/processamentoCSV/tipo/{tipo}',
        '/importacaoCSV/tipo/{tipo}',
        '/exportacaoCSV/tipo/{tipo}',
        '/wine/series',
        '/wine/series/{id}',
        '/wine/series/{id}/checks',
        '/wine/ingestions',
        '/wine/ingestions/{id}',
      ]),
    );
  });
});
