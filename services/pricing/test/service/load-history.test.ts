import type { ChangesPage, RatesPage } from '@vindima/contracts';
import { databases, temporaryFolder } from '@vindima/test-servers';
import { afterEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/calendar/dates.ts';
import { type Pricing, post, startPricing, until } from '../support/platform.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

const clock = () => new Date('2026-04-12T17:00:00.000Z');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const started = async (): Promise<Sandbox> => {
  const sandbox = await startSandbox(clock);
  closing.push(() => sandbox.close());
  return sandbox;
};

interface LoadJob {
  readonly state: string;
  readonly finished_at: string | null;
  readonly result: { inserted: number; observations: number } | null;
  readonly error: object | null;
}

it('goes on with the years that are missing after it was ended by a fault', { timeout: 120_000 }, async () => {
  const sandbox = await started();
  const pricing = await startPricing(sandbox, { DATA_DIR: temporaryFolder() }, { clock });
  closing.push(() => pricing.stop());
  const load = async (from: string) => {
    const response = await fetch(`${pricing.url}/pricing/history`, post({ from }));
    const { id } = (await response.json()) as { id: string };
    return until(async () => {
      const job = await pricing.get<LoadJob>(`/jobs/${id}`);
      return job.finished_at === null ? undefined : job;
    });
  };
  const recent = await load('2022-01-01');
  expect(recent.result?.inserted).toBeGreaterThan(30_000);
  await sandbox.fail('/ecb/service/data/EXR/D..EUR.SP00.A', 'short');
  expect(await load('2008-01-01')).toMatchObject({ state: 'failed', error: { code: 'pricing.unreadable_rates' } });
  expect(await pricing.status('/rates?quotes=USD&date=2008-01-06')).toMatchObject({ status: 503 });
  await sandbox.heal();
  const rest = await load('2008-01-01');
  expect(rest.state).toBe('succeeded');
  expect(rest.result?.inserted).toBeGreaterThan(70_000);
  expect(rest.result?.observations).toBeLessThan((recent.result?.inserted ?? 0) + (rest.result?.inserted ?? 0));
  expect(await load('2008-01-01')).toMatchObject({ state: 'succeeded', result: { inserted: 0 } });
  const { items } = await pricing.get<{ items: object[] }>('/rates?quotes=USD&date=2008-01-06');
  expect(items).toMatchObject([{ rate_date: '2008-01-04', carried_forward: true }]);
});

describe.each(await databases())('while years are loaded, on $dialect', { timeout: 120_000 }, ({ create }) => {
  it('a rate is the last one before its day, or is not loaded yet', async () => {
    const sandbox = await started();
    /** Loads some years, and looks at something all the while. @returns what was seen, each sight once */
    const watch = async <Sight>(look: (pricing: Pricing) => Promise<Sight>): Promise<Sight[]> => {
      const { url, drop } = await create();
      closing.push(drop);
      const pricing = await startPricing(sandbox, { DATABASE_URL: url }, { clock });
      closing.push(() => pricing.stop());
      const response = await fetch(`${pricing.url}/pricing/history`, post({ from: '2021-06-01' }));
      const { id } = (await response.json()) as { id: string };
      const sights = new Map<string, Sight>();
      for (;;) {
        const { finished_at } = await pricing.get<LoadJob>(`/jobs/${id}`);
        const sight = await look(pricing);
        sights.set(JSON.stringify(sight), sight);
        if (finished_at !== null) return [...sights.values()];
      }
    };
    // Rates are recorded in parts, oldest first: days shortly behind the end of the first part have an older rate for a while.
    const recorded = await watch(async ({ get }) => {
      const { items } = await get<ChangesPage>('/pricing/changes?entity=rate&after=15000&limit=10000');
      return items.map(({ recorded_at, valid_from }) => ({ recorded_at, date: valid_from.slice(0, 10) }));
    });
    const changes = recorded.at(-1) ?? [];
    const second = changes.find(({ recorded_at }) => recorded_at !== changes[0]?.recorded_at);
    const date = addDays(second?.date ?? '', 3);
    const sights = await watch(async (pricing) => {
      const { status, body } = await pricing.status(`/rates?quotes=USD&date=${date}`);
      return status === 200 ? (body as unknown as RatesPage).items : body.code;
    });
    const [rates, ...others] = sights.toReversed();
    expect(rates).toMatchObject([{ quote: 'USD', requested_date: date }]);
    expect(others.filter((code) => code !== 'pricing.rates_not_loaded')).toEqual([]);
  });
});
