import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pricing, replay, startPricing } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

const now = new Date('2026-04-08T17:00:00.000Z');
const clock = () => now;
const faults = ['500', '429', 'hang', 'reset', 'garbage', 'html', 'empty', 'cut', 'short'];
const ecb = '/ecb/service/data/EXR/D..EUR.SP00.A';
const store = '/store/api/v1/products';

let sandbox: Sandbox;
let pricing: Pricing;
beforeAll(async () => {
  sandbox = await startSandbox(clock);
});
/** Impatient only where the fault is to be slow: a busy machine is no fault. */
const start = async (environment: Record<string, string>) => {
  pricing = await startPricing(sandbox, environment, { clock });
};
const patience = (fault: string) => ({ PRICING_TIMEOUT_SECONDS: fault === 'hang' ? '3' : '60' });
afterEach(async () => {
  await sandbox.heal();
  await pricing.stop();
});
afterAll(() => sandbox.close());

/** Nothing was recorded twice: every change follows the one before it, and every key is there once. */
const isSound = async () => {
  const changes = await pricing.changes();
  expect(replay(changes).size).toBe(changes.length);
  return changes.length;
};

describe('a run on a failing API', { timeout: 120_000 }, () => {
  it.each(faults)('records the products when the ECB answers %s, and the next run completes it', async (fault) => {
    await start(patience(fault));
    await sandbox.fail(ecb, fault);
    const run = await pricing.run({ currencies: ['EUR'] });
    expect(run).toMatchObject({
      state: 'partial',
      products: { inserted: 51 },
      rates: { inserted: 0 },
      prices: 0,
      snapshot: null,
    });
    // It does not say that there are no rates: it does not know.
    expect(run.problems).toMatchObject([{ part: 'rates' }, { part: 'prices', code: 'pricing.rates_not_loaded' }]);
    expect(run.problems[0]).toMatchObject({ part: 'rates', error: expect.stringMatching(/ECB failed|exchange rates/) });

    await sandbox.heal();
    const next = await pricing.run({ currencies: ['EUR'] });
    expect(next).toMatchObject({
      state: 'succeeded',
      problems: [],
      products: { inserted: 0, updated: 0, deleted: 0 },
      prices: 51,
    });
    expect(await isSound()).toBe(51 + next.rates.inserted);
  });

  it.each(faults)('records the rates when the store answers %s, and the next run completes it', async (fault) => {
    await start(patience(fault));
    await sandbox.fail(store, fault);
    const run = await pricing.run({ currencies: ['EUR'] });
    expect(run).toMatchObject({ state: 'partial', products: { inserted: 0 }, prices: 0, snapshot: null });
    expect(run.problems).toMatchObject([{ part: 'products', error: expect.stringMatching(/[Ss]tore/) }]);
    expect(run.rates.inserted).toBeGreaterThan(100);

    await sandbox.heal();
    const next = await pricing.run({ currencies: ['EUR'] });
    expect(next).toMatchObject({ state: 'succeeded', products: { inserted: 51 }, rates: { inserted: 0 }, prices: 51 });
    expect(await isSound()).toBe(51 + run.rates.inserted);
  });

  it('fails when neither answers, and records nothing', async () => {
    await start({});
    await sandbox.fail(ecb, '500');
    await sandbox.fail('/store/*', 'reset');
    const run = await pricing.run();
    expect(run).toMatchObject({ state: 'failed', problems: [{ part: 'rates' }, { part: 'products' }], snapshot: null });
    const { body } = await pricing.status(`/jobs/${run.id}`);
    expect(body).toMatchObject({ state: 'failed', error: { code: 'pricing.run_failed' } });
    expect(await pricing.changes()).toEqual([]);
    expect(await pricing.status('/prices')).toMatchObject({
      status: 503,
      body: { code: 'pricing.products_not_loaded' },
    });

    await sandbox.heal();
    expect(await pricing.run()).toMatchObject({ state: 'succeeded' });
  });

  it('keeps the products that it knows when the catalogue is cut off, or has no products at all', async () => {
    await start({});
    await pricing.run();
    const before = await isSound();
    await sandbox.fail(store, 'short', { times: 1 });
    expect(await pricing.run()).toMatchObject({ state: 'partial', products: { deleted: 0 } });
    for (let id = 1; id <= 51; id++) await sandbox.call('DELETE', `/sandbox/store/products/${id}`);
    expect(await pricing.run()).toMatchObject({
      state: 'partial',
      products: { deleted: 0 },
      problems: [{ part: 'products', error: expect.stringMatching(/no products at all/) }],
    });
    expect(await isSound()).toBe(before);
    await sandbox.call('POST', '/sandbox/store/reseed', {});
  });

  it('is made good by the retries when the fault passes', async () => {
    await start({ PRICING_RETRIES: '2' });
    await sandbox.fail(ecb, '429', { times: 1, retry_after: 0 });
    await sandbox.fail(store, '500', { times: 2 });
    await sandbox.fail('/store/api/v1/auth/login', 'reset', { times: 1 });
    expect(await pricing.run()).toMatchObject({ state: 'succeeded', problems: [] });
  });

  it.each(['html', 'empty', 'short', '500'])('leaves no gap when an increment is %s', async (fault) => {
    await start({});
    const first = await pricing.run();
    await sandbox.call('POST', '/sandbox/ecb/rates', { currency: 'USD', date: '2026-04-07', rate: '1.5' });
    await sandbox.fail(ecb, fault);
    expect(await pricing.run()).toMatchObject({ state: 'partial', rates: { revised: 0 } });
    await sandbox.heal();
    expect(await pricing.run()).toMatchObject({ state: 'succeeded', rates: { revised: 1 } });
    await sandbox.call('DELETE', '/sandbox/ecb/rates');
    expect(first.rates.revised).toBe(0);
  });

  it('is not taken for a provider that publishes nothing, however long it lasts', async () => {
    let today = now;
    pricing = await startPricing(sandbox, {}, { clock: () => today });
    await pricing.run();
    await sandbox.fail(ecb, '500');
    today = new Date('2026-05-04T17:00:00.000Z');
    expect(await pricing.run()).toMatchObject({
      state: 'partial',
      problems: [{ part: 'rates' }, { part: 'prices', code: 'pricing.rates_not_loaded' }],
    });
    for (const path of ['/prices', '/rates', '/rates?quotes=USD']) {
      expect(await pricing.status(path)).toMatchObject({
        status: 503,
        body: { code: 'pricing.rates_not_loaded', error: 'Rates after 2026-04-08 are not loaded (yet).' },
      });
    }
    // Nobody can have asked for the days that are still to come.
    expect(await pricing.status('/prices?date=2026-06-04')).toMatchObject({
      status: 404,
      body: { code: 'pricing.no_rate' },
    });
  });
});
