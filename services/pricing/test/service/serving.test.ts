import { ChangesPage, PricesPage, type PricingChange, PricingRun, ProductsPage, RatesPage } from '@vindima/contracts';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import Value from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Pricing, startPricing, until } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

// A Sunday: the last rates are of Friday.
const now = new Date('2026-04-12T17:00:00.000Z');
let sandbox: Sandbox;
let pricing: Pricing;

beforeAll(async () => {
  sandbox = await startSandbox(() => now);
  pricing = await startPricing(
    sandbox,
    { PRICING_HISTORY_FROM: '2020-01-01', PRICING_RUN_AT_START: 'true' },
    { clock: () => now },
  );
  await until(async () => {
    const { items } = await pricing.get<{ items: { finished_at: string | null }[] }>('/jobs');
    return items.length === 2 && items.every(({ finished_at }) => finished_at !== null) ? true : undefined;
  });
}, 60_000);
afterAll(async () => {
  await pricing.stop();
  await sandbox.close();
});

const text = async (path: string) => (await fetch(pricing.url + path)).text();

describe('a service that was started for the first time', () => {
  it('answers from day one: the store and the history of rates were loaded', async () => {
    expect((await pricing.prices('category=Shoes')).items).toHaveLength(10);
    const { items } = await pricing.get<{ items: { rate_date: string }[] }>('/rates?quotes=USD&date=2020-01-05');
    expect(items).toMatchObject([{ rate_date: '2020-01-03', carried_forward: true }]);
    const jobs = await pricing.get<{ items: object[] }>('/jobs?kind=pricing.load-history');
    expect(jobs.items).toMatchObject([{ state: 'succeeded', progress: 1 }]);
  });

  it('answers as its contracts say', async () => {
    const runs = await pricing.get<{ items: unknown[] }>('/pricing/runs');
    for (const [schema, body] of [
      [PricesPage, await pricing.prices()],
      [RatesPage, await pricing.get('/rates?base=JPY')],
      [ProductsPage, await pricing.products()],
      [ChangesPage, await pricing.get('/pricing/changes')],
      [PricingRun, runs.items[0]],
    ] as const) {
      expect([...Value.Errors(schema, body)]).toEqual([]);
    }
  });
});

describe('prices', () => {
  it('say how they came about', async () => {
    const { items } = await pricing.prices('category=shoes&currency=gbp');
    const [first] = items;
    expect(first).toMatchObject({
      title: 'Trail Runners',
      price: '52',
      price_currency: 'USD',
      currency: 'GBP',
      amount: expect.stringMatching(/^\d+\.\d\d$/),
      rate_path: 'USD>EUR>GBP',
      rate_legs: [{ quote: 'USD' }, { quote: 'GBP' }],
      requested_date: '2026-04-12',
      rate_date: '2026-04-10',
      carried_forward: true,
      provider: 'sandbox',
      source: 'sandbox',
    });
  });

  it('come for several currencies and days', async () => {
    const { items } = await pricing.prices('category=Shoes&currency=EUR,JPY&from=2026-04-01&to=2026-04-08');
    // Good Friday and Easter Monday have no rates.
    expect([...new Set(items.map(({ rate_date }) => rate_date))]).toEqual([
      '2026-04-01',
      '2026-04-02',
      '2026-04-07',
      '2026-04-08',
    ]);
    expect(items).toHaveLength(4 * 2 * 10);
    expect(items.every(({ carried_forward }) => !carried_forward)).toBe(true);
    expect((await pricing.prices('category=Shoes&from=2026-04-03&to=2026-04-06')).items).toHaveLength(10);
  });

  it.each([49, 51, 102, 200])('come page by page across currencies and days, %i at a time', async (limit) => {
    const question = 'currency=EUR,JPY&from=2026-04-01&to=2026-04-08';
    const { items } = await pricing.prices(question);
    const pages: object[] = [];
    for (let cursor = ''; ; ) {
      const query = `${question}&limit=${limit}${cursor && `&cursor=${cursor}`}`;
      const page = await pricing.get<{ items: object[]; next_cursor: string | null }>(`/prices?${query}`);
      pages.push(...page.items);
      if (page.next_cursor === null) break;
      expect(page.items).toHaveLength(limit);
      cursor = page.next_cursor;
    }
    expect(pages).toEqual(items);
    expect(items).toHaveLength(4 * 2 * 51);
  });

  it('come as CSV and as Parquet, the same', async () => {
    const { items } = await pricing.prices();
    const csv = (await text('/prices?format=csv')).trimEnd().split('\n');
    expect(csv).toHaveLength(items.length + 1);
    expect(csv[1]).toContain(`${items[0]?.amount},${items[0]?.amount_unrounded},`);
    const file = await (await fetch(`${pricing.url}/prices?format=parquet`)).arrayBuffer();
    const rows = await parquetReadObjects({ file, compressors });
    expect(rows).toHaveLength(items.length);
    expect(rows[0]).toMatchObject({
      title: items[0]?.title,
      amount_unrounded: items[0]?.amount_unrounded,
      amount: Number(items[0]?.amount),
    });
    expect(parquetMetadata(file).schema.find(({ name }) => name === 'amount')).toMatchObject({
      precision: 38,
      scale: 4,
    });
  });

  it('make no formula of a title', async () => {
    await sandbox.call('PATCH', '/sandbox/store/products/51', { title: '=HYPERLINK("http://evil.example")' });
    await pricing.run();
    expect(await text('/prices?format=csv')).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  });

  it.each([
    [
      'one page says how long it is',
      'limit=5',
      (headers: Headers, bytes: number) => expect(headers.get('content-length')).toBe(String(bytes)),
    ],
    [
      'years are sent while they are made',
      'from=2026-01-01&to=2026-04-10&limit=10000',
      (headers: Headers) => expect(headers.get('transfer-encoding')).toBe('chunked'),
    ],
  ])('%s', async (_, query, check) => {
    const headers = { 'accept-encoding': 'identity' };
    for (const time of ['made', 'kept']) {
      const response = await fetch(`${pricing.url}/prices?${query}`, { headers });
      const body = await response.text();
      expect(JSON.parse(body).items.length, time).toBeGreaterThan(0);
      check(response.headers, Buffer.byteLength(body));
    }
  });

  it('are not sent again to who has them', async () => {
    const first = await fetch(`${pricing.url}/prices`);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(`${pricing.url}/prices`, { headers })).status).toBe(304);
    expect((await fetch(`${pricing.url}/prices?currency=JPY`, { headers })).status).toBe(200);
    await sandbox.call('PATCH', '/sandbox/store/products/1', { price: 11 });
    await pricing.run();
    expect((await fetch(`${pricing.url}/prices`, { headers })).status).toBe(200);
    expect((await pricing.prices()).items[0]).toMatchObject({ price: '11' });
  });

  it.each([
    ['/prices?currency=RUB', 404, 'pricing.no_rate', /of 2022-03-01. The ECB suspended it/],
    ['/prices?currency=XXX', 404, 'pricing.no_rate', /No rate of XXX/],
    ['/prices?category=Hats', 404, 'pricing.unknown_category', /"Hats"/],
    ['/prices?date=2019-01-01', 503, 'pricing.rates_not_loaded', /before 2020-01-01/],
    ['/prices?date=1998-01-01', 503, 'pricing.rates_not_loaded', /not loaded/],
    ['/prices?from=2026-04-02&to=2026-04-01', 422, 'pricing.invalid_period', /before it begins/],
    ['/prices?date=2026-04-02&from=2026-04-01', 400, 'pricing.date_and_period', /not both/],
    ['/prices?date=2026-02-30', 400, 'pricing.invalid_request', /date/],
    ['/prices?colour=red', 400, 'pricing.invalid_request', /colour/],
    ['/prices?cursor=WzFd', 400, 'pricing.invalid_cursor', /cursor/],
    ['/pricing/runs/pricing-1', 404, 'pricing.unknown_run', /no run/],
    ['/rates?base=USD&quotes=RUB', 404, 'pricing.no_rate', /RUB/],
  ])('that cannot be had are explained: %s', async (path, status, code, message) => {
    expect(await pricing.status(path)).toMatchObject({ status, body: { code, error: expect.stringMatching(message) } });
  });
});

describe('rates', () => {
  it('are crosses through the euro, page by page', async () => {
    const all = await pricing.get<{ items: object[] }>(
      '/rates?base=USD&quotes=JPY,EUR,USD&from=2026-03-30&to=2026-04-12',
    );
    expect(all.items).toHaveLength(3 * 8);
    expect(all.items[0]).toMatchObject({ quote: 'JPY', rate_path: 'USD>EUR>JPY', rate_date: '2026-03-30' });
    const pages: object[] = [];
    for (let cursor = ''; ; ) {
      const page = await pricing.get<{ items: object[]; next_cursor: string | null }>(
        `/rates?base=USD&quotes=JPY,EUR,USD&from=2026-03-30&to=2026-04-12&limit=4${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(...page.items);
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(pages).toEqual(all.items);
    const csv = await text('/rates?base=USD&quotes=JPY&date=2026-04-12&format=csv');
    expect(csv.split('\n')[1]).toMatch(
      /^USD,JPY,[\d.]+,USD>EUR>JPY,EUR\/USD [\d.]+; EUR\/JPY [\d.]+,2026-04-12,2026-04-10,true,sandbox$/,
    );
  });

  it('leave out the currencies whose series have ended', async () => {
    const { items } = await pricing.get<{ items: { quote: string }[] }>('/rates');
    const quotes = items.map(({ quote }) => quote);
    expect(quotes).toContain('USD');
    expect(quotes).not.toContain('RUB');
    expect(quotes).not.toContain('BGN');
  });
});

describe('runs', () => {
  it('write a snapshot that the manifest names, with the rows that they priced', async () => {
    const run = await pricing.run({
      categories: ['Shoes', 'Hats'],
      currencies: ['EUR', 'GBP'],
      from: '2026-04-07',
      to: '2026-04-09',
    });
    expect(run).toMatchObject({
      state: 'partial',
      problems: [{ part: 'prices', code: 'pricing.unknown_category' }],
      prices: 60,
    });
    const snapshot = run.snapshot;
    expect(snapshot).toMatchObject({
      rows: 60,
      currencies: ['EUR', 'GBP'],
      from: '2026-04-07',
      to: '2026-04-09',
      source: 'sandbox',
    });
    const again = await pricing.prices(
      `category=Shoes&currency=EUR,GBP&from=2026-04-07&to=2026-04-09&as_of=${run.as_of}`,
    );
    expect(again.items).toHaveLength(60);
  });

  it('are started once for one idempotency key', async () => {
    const start = async () => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'one' };
      const response = await fetch(`${pricing.url}/pricing/runs`, {
        method: 'POST',
        headers,
        body: '{"currencies":["EUR"]}',
      });
      return ((await response.json()) as { id: string }).id;
    };
    const ids = await Promise.all([start(), start()]);
    expect(new Set(ids).size).toBe(1);
    await pricing.ended(ids[0] ?? '');
  });

  it('tell the feed in an order that can be resumed', async () => {
    const all = await pricing.changes('product');
    const middle = all[Math.floor(all.length / 2)]?.sequence ?? 0;
    const rest = await pricing.get<{ items: PricingChange[] }>(`/pricing/changes?entity=product&after=${middle}`);
    expect(rest.items).toEqual(all.filter(({ sequence }) => sequence > middle));
  });
});
