import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeRate, startMadeEcb } from '../support/made-ecb.ts';
import { type Pricing, post, startPricing, until } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

// A Sunday.
const now = new Date('2020-03-15T18:00:00.000Z');
let ecb: Awaited<ReturnType<typeof startMadeEcb>>;
let sandbox: Sandbox;
let pricing: Pricing;
beforeAll(async () => {
  ecb = await startMadeEcb(() => '2020-03-13');
  sandbox = await startSandbox(() => now);
  pricing = await startPricing(sandbox, { ECB_URL: ecb.url }, { clock: () => now });
  const response = await fetch(`${pricing.url}/pricing/history`, post({ from: '2020-01-02' }));
  const { id } = (await response.json()) as { id: string };
  await until(async () => (await pricing.get<{ finished_at: string | null }>(`/jobs/${id}`)).finished_at ?? undefined);
}, 60_000);
afterAll(async () => {
  await pricing.stop();
  await sandbox.close();
  await ecb.close();
});

const usd = (date: string) => Number(madeRate('USD', date));

describe.each(['', '/frankfurter'])('a client of Frankfurter, under "%s"', (root) => {
  it('asks for the latest rates', async () => {
    expect(await pricing.get(`${root}/v1/latest?symbols=USD,gbp`)).toEqual({
      amount: 1,
      base: 'EUR',
      date: '2020-03-13',
      rates: { GBP: Number(madeRate('GBP', '2020-03-13')), USD: usd('2020-03-13') },
    });
  });

  it('converts an amount from another base, rounded as there', async () => {
    const dollars = Number((10 * usd('2020-03-06')).toFixed(4));
    expect(await pricing.get(`${root}/v1/2020-03-07?amount=10&from=USD&to=EUR`)).toEqual({
      amount: 10,
      base: 'USD',
      date: '2020-03-06',
      rates: { EUR: Number(((10 * 10) / dollars).toFixed(4)) },
    });
  });

  it('asks for a period, which begins with the last day before it if it must', async () => {
    const period = await pricing.get<{ rates: object }>(`${root}/v1/2020-03-07..2020-03-10?symbols=USD`);
    expect(period).toMatchObject({ base: 'EUR', start_date: '2020-03-06', end_date: '2020-03-10' });
    expect(period.rates).toEqual({
      '2020-03-06': { USD: usd('2020-03-06') },
      '2020-03-09': { USD: usd('2020-03-09') },
      '2020-03-10': { USD: usd('2020-03-10') },
    });
    expect(await pricing.get(`${root}/v1/2020-03-12..`)).toMatchObject({ end_date: '2020-03-13' });
  });

  it('asks for the currencies', async () => {
    expect(await pricing.get(`${root}/v1/currencies`)).toEqual({
      EUR: 'Euro',
      GBP: 'British Pound',
      JPY: 'Japanese Yen',
      SEK: 'Swedish Krona',
      USD: 'United States Dollar',
      HRK: 'Croatian Kuna',
    });
    const list = await pricing.get<{ iso_code: string }[]>(`${root}/v2/currencies`);
    expect(list.find(({ iso_code }) => iso_code === 'USD')).toMatchObject({ end_date: '2020-03-13' });
  });

  it('asks the second version for rows, in JSON and line by line, and for means', async () => {
    const path = `${root}/v2/rates?quotes=usd,eur&providers=ECB&from=2020-03-11&to=2020-03-13`;
    const rows = await pricing.get<object[]>(path);
    expect(rows).toHaveLength(6);
    expect(rows[1]).toEqual({
      date: '2020-03-11',
      base: 'EUR',
      quote: 'USD',
      rate: Number(usd('2020-03-11').toFixed(4)),
    });
    const lines = await (await fetch(pricing.url + path, { headers: { accept: 'application/x-ndjson' } })).text();
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    const days = ['2020-03-09', '2020-03-10', '2020-03-11', '2020-03-12', '2020-03-13'];
    const mean = days.reduce((sum, day) => sum + usd(day), 0) / days.length;
    expect(await pricing.get(`${root}/v2/rates?quotes=USD&from=2020-03-09&to=2020-03-13&group=week`)).toEqual([
      { date: '2020-03-09', base: 'EUR', quote: 'USD', rate: Number(mean.toFixed(4)) },
    ]);
  });

  it.each([
    ['/v1/latest?symbols=XXX', 404],
    ['/v1/2020-03-20', 404],
    ['/v1/2020-02-31', 422],
    ['/v1/models', 400],
    ['/v2/rates?providers=NBP', 422],
    ['/v1/2010-01-04', 503],
  ])('is told what cannot be had: %s', async (path, status) => {
    expect(await pricing.status(root + path)).toMatchObject({ status });
  });
});
