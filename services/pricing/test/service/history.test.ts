import type { PricingChange, ProductItem } from '@vindima/contracts';
import { databases } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Pricing, replay, startPricing } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

// A Wednesday; Good Friday was 3 April, Easter Monday 6 April 2026.
const start = '2026-04-08T17:00:00.000Z';

describe.each(await databases())('the history, on $dialect', { timeout: 60_000 }, ({ create }) => {
  let now: Date;
  let sandbox: Sandbox;
  let pricing: Pricing;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    now = new Date(start);
    const clock = () => now;
    const database = await create();
    drop = database.drop;
    sandbox = await startSandbox(clock);
    pricing = await startPricing(sandbox, { DATABASE_URL: database.url }, { clock });
  });
  afterEach(async () => {
    await pricing.stop();
    await sandbox.close();
    await drop();
  });

  const pass = (hours: number) => {
    now = new Date(now.getTime() + hours * 3_600_000);
  };
  const change = (id: number, content: object) => sandbox.call('PATCH', `/sandbox/store/products/${id}`, content);
  const priceOf = async (id: number, query = '') =>
    (await pricing.prices(query)).items.find((item) => item.product_id === id)?.price;

  it('survives a store whose tokens expire, whose users vanish and whose products change, go and come back', async () => {
    await sandbox.call('PUT', '/sandbox/store/settings', {
      requires_token: true,
      access_token_seconds: 60,
      refresh_token_seconds: 10,
    });
    expect(await pricing.run()).toMatchObject({ state: 'succeeded', products: { seen: 51, inserted: 51 } });

    pass(1);
    await change(31, { price: 60 });
    await change(32, { category_id: 5 });
    expect(await pricing.run()).toMatchObject({
      state: 'succeeded',
      products: { inserted: 0, updated: 2, deleted: 0 },
    });

    pass(24);
    await sandbox.call('POST', '/sandbox/store/reseed', {});
    await sandbox.call('DELETE', '/sandbox/store/products/33');
    expect(await pricing.run()).toMatchObject({ state: 'succeeded', products: { updated: 2, deleted: 1 } });
    expect(await priceOf(33)).toBeUndefined();

    pass(24);
    await sandbox.call('POST', '/sandbox/store/products/33/return');
    await change(31, { price: 61.5, touch: false });
    expect(await pricing.run()).toMatchObject({
      state: 'succeeded',
      products: { updated: 1, returned: 1, inserted: 0 },
    });
    expect(await pricing.run()).toMatchObject({
      products: { seen: 51, updated: 0, returned: 0, inserted: 0, deleted: 0 },
    });

    const changes = await pricing.changes('', 17);
    expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_, index) => index + 1));
    expect(operations(changes, 'sandbox/33')).toEqual(['insert', 'delete', 'insert']);
    expect(operations(changes, 'sandbox/31')).toEqual(['insert', 'update', 'update', 'update']);

    const state = replay(changes);
    const present = (await pricing.products()).items;
    expect(present).toHaveLength(51);
    for (const product of present) expect(state.get(`sandbox/${product.product_id}`)).toEqual(contentOf(product));
    const rates = [...state.keys()].filter((key) => key.split('/').length === 3);
    const { items } = await pricing.get<{ items: { quote: string; rate_date: string; rate: string }[] }>(
      '/rates?from=2026-03-25&to=2026-04-11&limit=10000',
    );
    expect(rates).toHaveLength(items.length);
    for (const { quote, rate_date: date, rate } of items) {
      expect(state.get(`sandbox/${quote}/${date}`)).toEqual({ currency: quote, date, rate });
    }
  });

  it('answers what was known at a time, and what was valid on a day', async () => {
    const first = await pricing.run();
    const known = first.as_of;
    pass(48);
    await change(31, { price: 60 });
    const second = await pricing.run();
    expect(await priceOf(31)).toBe('60');
    expect(await priceOf(31, 'date=2026-04-09')).toBe('52');
    expect(await priceOf(31, `date=2026-04-10&as_of=${known}`)).toBe('52');

    // A correction that the store keeps quiet about: the price since then was another one, as is known only now.
    pass(1);
    await change(31, { price: 70, touch: false });
    await pricing.run();
    expect(await priceOf(31, 'date=2026-04-10')).toBe('70');
    expect(await priceOf(31, `date=2026-04-10&as_of=${second.as_of}`)).toBe('60');

    // Before the first price that is known, that one stands in and says so.
    const [early] = (await pricing.prices('date=2026-03-31')).items;
    expect(early).toMatchObject({ price_assumed: true, requested_date: '2026-03-31', rate_date: '2026-03-31' });
    expect((await pricing.prices('as_of=2026-01-01T00:00:00.000Z')).items).toEqual([]);
  });

  it('keeps both a rate and its revision, and a withdrawn one', async () => {
    await pricing.run();
    const before = await pricing.prices('date=2026-04-07');
    pass(24);
    await sandbox.call('POST', '/sandbox/ecb/rates', { currency: 'USD', date: '2026-04-07', rate: '1.25' });
    await sandbox.call('POST', '/sandbox/ecb/rates', { currency: 'GBP', date: '2026-04-08', rate: '' });
    expect((await pricing.run()).rates).toMatchObject({ revised: 2 });

    const after = await pricing.prices('date=2026-04-07');
    expect(after.items[0]).toMatchObject({ rate: '0.8', rate_legs: [{ rate: '1.25' }] });
    const again = await pricing.prices(`date=2026-04-07&as_of=${before.as_of}`);
    expect(again.items[0]).toEqual(before.items[0]);
    expect(again.as_of).toBe(before.as_of);
    // The day has rates, and none of the pound: the one of the day before is not it.
    expect(await pricing.status('/prices?date=2026-04-08&currency=GBP')).toMatchObject({
      status: 404,
      body: { code: 'pricing.no_rate', error: expect.stringMatching(/is of 2026-04-07/) },
    });
    expect((await pricing.prices(`date=2026-04-08&currency=GBP&as_of=${before.as_of}`)).items).toHaveLength(51);
    const revisions = (await pricing.changes('rate')).filter(({ operation }) => operation !== 'insert');
    expect(revisions).toMatchObject([
      { key: 'sandbox/USD/2026-04-07', operation: 'update', after: { rate: '1.25' } },
      { key: 'sandbox/GBP/2026-04-08', operation: 'delete', after: null },
    ]);
  });

  it('asks for an increment only, and never records anything twice', async () => {
    const first = await pricing.run({ from: '2026-01-01', to: '2026-04-08' });
    expect(first.rates.inserted).toBeGreaterThan(1500);
    const second = await pricing.run({ from: '2026-01-01', to: '2026-04-08' });
    expect(second.rates.inserted).toBe(0);
    expect(second.rates.observations).toBeLessThan(200);
    // Runs at the same time want the same, and one of them records it.
    pass(24);
    await change(31, { price: 60 });
    const both = await Promise.all([pricing.run(), pricing.run()]);
    expect(both.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(both.reduce((sum, { products }) => sum + products.updated, 0)).toBe(1);
    expect(operations(await pricing.changes(), 'sandbox/31')).toEqual(['insert', 'update']);
  });

  it('pages through one moment, whatever is recorded meanwhile', async () => {
    await pricing.run();
    const all = (await pricing.prices('currency=EUR,JPY')).items;
    const pages = [];
    for (let cursor = ''; ; ) {
      const page = await pricing.get<{ items: object[]; next_cursor: string | null }>(
        `/prices?currency=EUR,JPY&limit=37${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(...page.items);
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
      await sandbox.call('DELETE', `/sandbox/store/products/${Math.ceil(pages.length / 3)}`);
      pass(24);
      await pricing.run();
    }
    expect(pages).toEqual(all);
    expect(await pricing.status('/prices?currency=USD&cursor=abc')).toMatchObject({
      status: 400,
      body: { code: 'pricing.invalid_cursor' },
    });
  });
});

const operations = (changes: readonly PricingChange[], key: string) =>
  changes.filter((change) => change.key === key).map(({ operation }) => operation);

const contentOf = ({
  product_id: _id,
  valid_from: _from,
  recorded_at: _at,
  source: _source,
  ...content
}: ProductItem) => content;
