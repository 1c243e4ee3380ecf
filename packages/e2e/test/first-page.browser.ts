import { startPlatform } from '@vindima/all-in-one';
import { browser, temporaryFolder } from '@vindima/test-servers';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = await browser();
const names = ['GATEWAY', 'WINE', 'IMAGES', 'DATASETS', 'INFERENCE', 'PRICING', 'SANDBOX'];

describe.skipIf(program === undefined)('the first page of the whole platform', () => {
  let instance: Browser;
  let page: Page;
  let url: string;
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  const problems: string[] = [];
  beforeAll(async () => {
    platform = await startPlatform({
      ...Object.fromEntries(names.map((name) => [`${name}_PORT`, '0'])),
      DATA_DIR: temporaryFolder(),
      LOG_LEVEL: 'warn',
      TAGGER: 'imagga',
      PRICING_HISTORY_FROM: 'off',
    });
    instance = await chromium.launch({ ...program, args: [...(program?.args ?? [])], env: { ...program?.env } });
    page = await instance.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    url = platform.services.find(({ name }) => name === 'gateway')?.url ?? '';
    await page.goto(url);
  });
  afterAll(async () => {
    await instance?.close();
    await platform?.stop();
  });

  it('shows that every service is well', async () => {
    for (const name of ['wine', 'images', 'datasets', 'inference', 'pricing']) {
      await page.locator('#services li', { hasText: name }).getByText('ok', { exact: true }).waitFor();
    }
    expect(await page.locator('#services li').count()).toBe(5);
    expect(await page.locator('#platform-status').textContent()).toBe('ok');
  });

  it('shows a job and its events as they come', async () => {
    await page.locator('#stream-status', { hasText: 'live' }).waitFor();
    const answer = await fetch(`${url}/wine/ingestions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ series: ['production'], force: true }),
    });
    const { id } = (await answer.json()) as { id: string };
    await page.locator('#jobs', { hasText: 'wine.ingest' }).waitFor();
    await page.locator('#events', { hasText: 'events.wine.job-finished' }).waitFor();
    await page.locator('#events', { hasText: id }).waitFor();
  });

  it('leads to the documents of all services', async () => {
    await page.getByRole('link', { name: 'API', exact: true }).click();
    await page.getByText('/wine/series').first().waitFor();
    await page.getByText('/api/upload').first().waitFor();
    expect(problems).toEqual([]);
  });
});
