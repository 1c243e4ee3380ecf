import { temporaryFolder } from '@vindima/test-servers';
import { afterEach, expect, it } from 'vitest';
import { post, startPricing, until } from '../support/platform.ts';
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
