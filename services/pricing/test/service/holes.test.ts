import { afterEach, describe, expect, it } from 'vitest';
import { targetDays } from '../../src/calendar/target.ts';
import { type Mode, madeRate, startMadeEcb } from '../support/made-ecb.ts';
import { post, startPricing, until } from '../support/platform.ts';
import { startSandbox } from '../support/sandbox.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const modes: Mode[] = [
  '404',
  '404 for one window',
  'nothing in JSON',
  'nothing in CSV',
  '500',
  'a web page',
  'reset',
  'half an answer',
  '429',
];

interface Item {
  readonly quote: string;
  readonly rate: string;
  readonly rate_date: string;
  readonly requested_date: string;
  readonly carried_forward: boolean;
}

const started = async (start = '2020-03-11T18:00:00.000Z') => {
  let now = new Date(start);
  const ecb = await startMadeEcb(() => new Date(now.getTime() - 15 * 3_600_000).toISOString().slice(0, 10));
  closing.push(ecb.close);
  const sandbox = await startSandbox(() => now);
  closing.push(() => sandbox.close());
  const pricing = await startPricing(sandbox, { ECB_URL: ecb.url }, { clock: () => now });
  closing.push(() => pricing.stop());
  const load = async (input: object) => {
    const response = await fetch(`${pricing.url}/pricing/history`, post(input));
    const { id } = (await response.json()) as { id: string };
    return until(async () => {
      const job = await pricing.get<{ state: string; finished_at: string | null; error: { code: string } | null }>(
        `/jobs/${id}`,
      );
      return job.finished_at === null ? undefined : job;
    });
  };
  const rates = (query: string) =>
    pricing.get<{ items: Item[]; missing: { currency: string; code: string }[] }>(`/rates?${query}`);
  /** Every rate of the dollar that is answered, against what the ECB published. */
  const wrong = async (from: string, to: string) => {
    const days = targetDays(from, to);
    const { items } = await rates(`quotes=USD&from=${from}&to=${to}&limit=10000`);
    const answered = new Map(items.map(({ rate_date, rate }) => [rate_date, rate]));
    return days.filter((day) => answered.get(day) !== madeRate('USD', day));
  };
  const pass = (hours: number) => {
    now = new Date(now.getTime() + hours * 3_600_000);
  };
  return { ecb, sandbox, pricing, load, rates, wrong, pass };
};

describe('an ECB that misbehaves', { timeout: 120_000 }, () => {
  it.each(modes)('at the first load (%s) leaves no hole and no wrong rate', async (mode) => {
    const { ecb, pricing, load, wrong, rates } = await started();
    ecb.is(mode);
    expect(await load({ from: '2005-01-03' })).toMatchObject({ state: 'failed' });
    const early = await pricing.status('/rates?quotes=USD&date=2011-11-10');
    expect(early).toMatchObject({ status: 503, body: { code: 'pricing.rates_not_loaded' } });
    ecb.is('well');
    expect(await load({ from: '2005-01-03' })).toMatchObject({ state: 'succeeded' });
    expect(await wrong('2005-01-03', '2020-03-10')).toEqual([]);
    expect((await rates('quotes=USD&date=2011-11-10')).items).toMatchObject([{ carried_forward: false }]);
  });

  it.each(modes.filter((mode) => mode !== '404 for one window'))(
    'in an increment (%s) leaves none either',
    async (mode) => {
      const { ecb, pricing, load, wrong, pass } = await started();
      await load({ from: '2020-01-02' });
      pass(24 * 6);
      ecb.is(mode);
      await pricing.run();
      expect(await pricing.status('/rates?quotes=USD&date=2020-03-13')).toMatchObject({
        status: 503,
        body: { code: 'pricing.rates_not_loaded' },
      });
      ecb.is('well');
      await pricing.run();
      expect(await wrong('2020-01-02', '2020-03-17')).toEqual([]);
    },
  );

  it('is compared value by value by force: holes, changes and withdrawals are found', async () => {
    const { ecb, pricing, load, wrong, rates, pass } = await started();
    ecb.change('USD', '2020-02-04', '');
    ecb.change('SEK', '2020-02-05', '11.5');
    await load({ from: '2020-01-02' });
    expect(await pricing.status('/rates?quotes=USD&date=2020-02-04')).toMatchObject({ status: 404 });
    ecb.restore();
    ecb.change('GBP', '2020-02-06', '');
    pass(1);
    expect(await load({ from: '2020-01-02', force: true })).toMatchObject({ state: 'succeeded' });
    expect(await wrong('2020-01-02', '2020-03-10')).toEqual([]);
    expect((await rates('quotes=SEK&date=2020-02-05')).items).toMatchObject([{ rate: madeRate('SEK', '2020-02-05') }]);
    expect(await pricing.status('/rates?quotes=GBP&date=2020-02-06')).toMatchObject({ status: 404 });
    expect(await load({ from: '2020-01-02', force: true })).toMatchObject({ result: { inserted: 0, revised: 0 } });
  });
});

describe('a rate that is hard to believe', { timeout: 60_000 }, () => {
  it('is held back, whether new or a revision, and the others are recorded', async () => {
    const { ecb, pricing, load, rates, pass } = await started();
    await load({ from: '2019-01-02' });
    pass(24);
    ecb.change('USD', '2020-03-12', '110.5');
    ecb.change('SEK', '2020-03-12', '0');
    ecb.change('GBP', '2020-03-10', '85.77');
    const run = await pricing.run();
    const named = run.problems.filter(({ part }) => part === 'rates').map(({ error }) => error.slice(0, 40));
    expect(named.sort()).toEqual([
      'The rate 0 of SEK on 2020-03-12 is held back: it is not greater than zero.'.slice(0, 40),
      'The rate 110.5 of USD on 2020-03-12 is h',
      'The rate 85.77 of GBP on 2020-03-10 is h',
    ]);
    expect(run).toMatchObject({ state: 'partial', rates: { held: 3, inserted: expect.any(Number) } });

    const { items, missing } = await rates('quotes=JPY,USD,SEK&date=2020-03-12');
    expect(items).toMatchObject([{ quote: 'JPY', rate: madeRate('JPY', '2020-03-12'), carried_forward: false }]);
    expect(missing).toMatchObject([
      { currency: 'USD', code: 'pricing.rate_held' },
      { currency: 'SEK', code: 'pricing.rate_held' },
    ]);
    expect(await pricing.status('/rates?quotes=GBP&date=2020-03-10')).toMatchObject({
      status: 503,
      body: { code: 'pricing.rate_held' },
    });
    const held = await pricing.get<{ items: { id: string; currency: string }[] }>('/pricing/held-rates?state=held');
    const idOf = (currency: string) => held.items.find((row) => row.currency === currency)?.id;
    const decide = async (currency: string, how: string) =>
      (await fetch(`${pricing.url}/pricing/held-rates/${idOf(currency)}/${how}`, { method: 'POST' })).status;
    expect(await decide('SEK', 'accept')).toBe(409);
    expect(await decide('GBP', 'reject')).toBe(200);
    expect((await rates('quotes=GBP&date=2020-03-10')).items).toMatchObject([{ rate: madeRate('GBP', '2020-03-10') }]);

    // At once it is the same reading; later it is another one.
    await pricing.run();
    expect((await rates('quotes=USD,JPY&date=2020-03-12')).missing).toMatchObject([{ currency: 'USD' }]);
    pass(2);
    await pricing.run();
    expect((await rates('quotes=USD&date=2020-03-12')).items).toMatchObject([{ rate: '110.5' }]);
  });

  it('is accepted by a person, or put right by the ECB', async () => {
    const { ecb, pricing, load, rates, pass } = await started();
    await load({ from: '2019-01-02' });
    pass(24);
    ecb.change('USD', '2020-03-12', '1.5');
    ecb.change('JPY', '2020-03-12', '15000');
    await pricing.run();
    const held = await pricing.get<{ items: { id: string; currency: string }[] }>('/pricing/held-rates');
    const usd = held.items.find(({ currency }) => currency === 'USD');
    expect((await fetch(`${pricing.url}/pricing/held-rates/${usd?.id}/accept`, { method: 'POST' })).status).toBe(200);
    ecb.change('JPY', '2020-03-12', madeRate('JPY', '2020-03-12'));
    await pricing.run();
    const { items } = await rates('quotes=USD,JPY&date=2020-03-12');
    expect(items.map(({ rate }) => rate)).toEqual(['1.5', madeRate('JPY', '2020-03-12')]);
    const all = await pricing.get<{ items: { currency: string; state: string }[] }>('/pricing/held-rates');
    expect(all.items.find(({ currency }) => currency === 'JPY')).toMatchObject({ state: 'superseded' });
  });
});

describe('currencies', { timeout: 60_000 }, () => {
  it('answer each for itself: fixed by law, ended, unknown', async () => {
    const { pricing, load, rates } = await started('2023-01-13T18:00:00.000Z');
    await load({ from: '2022-11-01' });
    const { items, missing } = await rates('quotes=usd,HRK,RUB&date=2023-01-10');
    expect(items).toMatchObject([
      { quote: 'USD', rate: madeRate('USD', '2023-01-10') },
      { quote: 'HRK', rate: '7.53450', fixed: true, rate_legs: [{ fixed: true }] },
    ]);
    expect(missing).toMatchObject([{ currency: 'RUB', code: 'pricing.no_rate' }]);
    expect((await rates('quotes=HRK&date=2022-12-30')).items).toMatchObject([
      { rate: madeRate('HRK', '2022-12-30'), fixed: false },
    ]);
    for (const path of ['/rates?base=XXX&quotes=XXX', '/rates?quotes=USD&date=2023-01-20']) {
      expect(await pricing.status(path)).toMatchObject({ status: 404, body: { code: 'pricing.no_rate' } });
    }
    const weekend = await rates('quotes=USD&from=2023-01-07&to=2023-01-08');
    expect(weekend.items).toMatchObject([{ rate_date: '2023-01-06', carried_forward: true, provisional: false }]);
    const list = await pricing.get<{ items: { code: string }[] }>('/currencies');
    expect(list.items.find(({ code }) => code === 'HRK')).toMatchObject({
      status: 'fixed',
      last_date: '2022-12-30',
      successor: { currency: 'EUR', ratio: '7.53450', from: '2023-01-01' },
    });
  });
});
