import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pricing, startPricing } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

const clock = () => new Date('2026-04-12T17:00:00.000Z');
let sandbox: Sandbox;
let pricing: Pricing;
beforeAll(async () => {
  sandbox = await startSandbox(clock);
});
afterEach(() => pricing.stop());
afterAll(() => sandbox.close());

const prices = async (path: string) => {
  pricing = await startPricing(sandbox, { CURRENCY_URL: `${sandbox.url}${path}` }, { clock });
  const run = await pricing.run({ categories: ['Shoes'], currencies: ['GBP'] });
  expect(run).toMatchObject({ state: 'succeeded', prices: 10 });
  const again = await pricing.run({ categories: ['Shoes'], currencies: ['GBP'] });
  expect(again.rates).toMatchObject({ inserted: 0, revised: 0 });
  return (await pricing.prices('category=Shoes&currency=GBP')).items.map(({ amount, rate_date }) => [
    amount,
    rate_date,
  ]);
};

describe('CURRENCY_URL', { timeout: 60_000 }, () => {
  it.each([
    '/ecb/service/data/EXR/D..EUR.SP00.A?format=csvdata',
    '/ecb/service/data/EXR/D.USD+GBP.EUR.SP00.A?format=genericdata',
    '/ecb/service/data/EXR/D..EUR.SP00.A?format=structurespecificdata&detail=full',
    '/ecb/stats/eurofxref/eurofxref-hist.csv',
    '/ecb/stats/eurofxref/eurofxref-daily.xml',
  ])('may point at %s, and gives the same prices', async (path) => {
    const other = await prices(path);
    await pricing.stop();
    expect(other).toEqual(await prices('/ecb/service/data/EXR/D..EUR.SP00.A'));
    expect(other[0]?.[1]).toBe('2026-04-10');
  });

  it('may point at a file of one day, which covers that day only', async () => {
    await prices('/ecb/stats/eurofxref/eurofxref-daily.xml');
    expect(await pricing.status('/prices?date=2026-04-09')).toMatchObject({
      status: 503,
      body: { code: 'pricing.rates_not_loaded' },
    });
  });
});
