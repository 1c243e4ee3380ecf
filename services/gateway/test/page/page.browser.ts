import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { jobEvents, messagesOf } from '@vindima/contracts';
import { type Bus, openInProcessBus } from '@vindima/messaging';
import { createLogger, type RunningService } from '@vindima/service-kit';
import { browser, temporaryFolder } from '@vindima/test-servers';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, asAdmin, asUser, type StandIn, startGateway, startStandIn, until } from '../support/gateway.ts';

const program = await browser();
const logger = createLogger({ name: 'test', level: 'silent' });
/** Set it to look at the page as the tests see it. */
const pictures = process.env.PAGE_PICTURES;

describe.skipIf(program === undefined)('the first page in a browser', () => {
  let instance: Browser;
  let page: Page;
  let service: StandIn;
  let bus: Bus;
  let gateway: RunningService;
  let problems: string[];
  const at = '2026-11-21T12:00:00.000Z';
  const job = {
    id: 'wine-0199d0a2-6c5e-7b21-9f0e-3a3f5f1d2c44',
    kind: 'wine.ingest',
    state: 'running' as 'running' | 'succeeded' | 'cancelled',
    progress: 0.25,
    message: 'export-wine, 4 of 15',
  };

  beforeAll(async () => {
    instance = await chromium.launch({ ...program, args: [...(program?.args ?? [])], env: { ...program?.env } });
    service = await startStandIn((request, response) => {
      if (request.method === 'DELETE') job.state = 'cancelled';
      const ready = { status: 'ok', version: '0.1.0', checks: { database: 'ok' } };
      const rest = {
        attempts: 1,
        input: {},
        result: null,
        error: null,
        created_at: at,
        started_at: at,
        finished_at: null,
      };
      const jobs = { items: [{ ...job, ...rest }], next_cursor: null };
      response.end(JSON.stringify(request.url?.startsWith('/jobs') ? jobs : ready));
    });
    bus = await openInProcessBus({ path: join(temporaryFolder(), 'bus.db'), logger });
    gateway = await startGateway({ WINE_URL: service.url, AUTH: 'local' }, { bus });
  });
  afterAll(async () => {
    await gateway?.stop();
    await bus?.close();
    await service?.stop();
    await instance?.close();
  });
  afterEach(async () => {
    // Whatever the policy of the page forbids, and every mistake in a script, shows here.
    expect(problems).toEqual([]);
    await page?.context().close();
  });
  const open = async (url: string, colorScheme: 'light' | 'dark' = 'light') => {
    problems = [];
    page = await instance.newPage({ colorScheme, viewport: { width: 1200, height: 900 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        problems.push(message.text());
    });
    await page.goto(url);
  };
  const picture = async (name: string) => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const tell = (payload: object) => {
    const { subject, type } = jobEvents('wine').progressed;
    const id = `${Date.now()}${Math.random()}`;
    return bus.publish([{ id, subject, type, source: 'test', time: new Date().toISOString(), payload }]);
  };

  it('shows how services are, and jobs and events as they happen', async () => {
    job.state = 'running';
    await open(gateway.url);
    await page.locator('#services li', { hasText: 'wine' }).getByText('ok', { exact: true }).waitFor();
    expect(await page.locator('#services li').count()).toBe(5);
    expect(await page.locator('#platform-status').textContent()).toBe('degraded');
    await page.locator('#stream-status', { hasText: 'live' }).waitFor();
    const bar = page.locator('#jobs progress');
    expect(Number(await bar.getAttribute('value'))).toBe(0.25);
    await tell({ ...job, progress: 0.5, message: 'half of it' });
    await page.locator('#jobs', { hasText: 'half of it' }).waitFor();
    expect(Number(await bar.getAttribute('value'))).toBe(0.5);
    await page.locator('#events', { hasText: 'events.wine.job-progressed' }).waitFor();
    await page.locator('#jobs summary').click();
    await page.locator('#jobs pre', { hasText: job.id }).waitFor();
    await picture('overview');
  });

  it('writes what services say as text', async () => {
    await open(gateway.url);
    await page.locator('#stream-status', { hasText: 'live' }).waitFor();
    await tell({ ...job, message: '<img src=x onerror="document.title=`owned`">' });
    await page.locator('#events', { hasText: '<img' }).waitFor();
    expect([await page.title(), await page.locator('main img').count()]).toEqual(['Vindima', 0]);
  });

  it('cancels a job', async () => {
    job.state = 'running';
    await open(gateway.url);
    await page.getByRole('button', { name: 'Cancel wine.ingest' }).click();
    await until(() => (job.state === 'cancelled' ? true : undefined));
  });

  it('replays and discards dead letters', async () => {
    const command = messagesOf('wine').find(({ kind }) => kind === 'command');
    const subject = command?.subject ?? '';
    const replayed: string[] = [];
    let healed = false;
    const consumer = await bus.consume(
      { name: 'tests', subjects: [subject], maximumDeliveries: 1 },
      async (deliveries) => {
        if (healed) replayed.push(...deliveries.map(({ id }) => id));
        const failed = { done: false, error: new Error('the cellar is flooded'), dead: true } as const;
        return deliveries.map(() => (healed ? { done: true } : failed));
      },
    );
    for (const id of ['letter-1', 'letter-2']) {
      await bus.publish([
        { id, subject, type: command?.type ?? '', source: 'test', time: new Date().toISOString(), payload: {} },
      ]);
    }
    await until(async () => ((await bus.deadLetters.list()).length === 2 ? true : undefined));
    healed = true;
    await open(gateway.url);
    const letters = page.locator('#dead-letters li');
    await letters.filter({ hasText: 'the cellar is flooded' }).first().waitFor();
    await picture('dead-letters');
    await letters.first().getByRole('button', { name: 'Replay' }).click();
    await until(() => (replayed.length === 1 ? true : undefined));
    await until(async () => ((await letters.count()) === 1 ? true : undefined));
    await letters.first().getByRole('button', { name: 'Discard' }).click();
    expect(await bus.deadLetters.list()).toHaveLength(1);
    await page.getByRole('button', { name: 'Discard for good?' }).click();
    await page.getByText('None. Everything was handled.').waitFor();
    expect(await bus.deadLetters.list()).toEqual([]);
    await consumer.stop();
  });

  it('asks for a login where AUTH=required, by keyboard alone, and keeps it over a reload', async () => {
    const strict = await startGateway({ WINE_URL: service.url, ACCESS_TOKEN_MINUTES: '1' }, { bus });
    await open(strict.url, 'dark');
    await page.locator('#log-in').waitFor();
    await picture('log-in-dark');
    const type = async (username: string, password: string) => {
      // It is there when the page has found out that nobody is logged in, also after a reload.
      await page.locator('#log-in').waitFor();
      await page.locator('input[name=username]').focus();
      await page.keyboard.type(username);
      await page.keyboard.press('Tab');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
    };
    await type('admin', 'wrong password');
    await page.getByText('The user name or the password is wrong.').waitFor();
    await page.reload();
    await type('admin', adminPassword);
    await page.locator('#who', { hasText: 'admin, admin' }).waitFor();
    await page.locator('#jobs li', { hasText: 'wine.ingest' }).waitFor();
    await picture('overview-dark');
    await page.reload();
    await page.locator('#who', { hasText: 'admin, admin' }).waitFor();
    // The access token has run out; the refresh token has not.
    await page.evaluate(() => {
      const kept = JSON.parse(sessionStorage.getItem('vindima') ?? '{}');
      sessionStorage.setItem('vindima', JSON.stringify({ ...kept, access_token: 'run.out.already' }));
    });
    await page.reload();
    await page.locator('#who', { hasText: 'admin, admin' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.locator('#log-in').waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('vindima'))).toBeNull();
    await strict.stop();
  });

  it('hides from a viewer what is for editors and admins', async () => {
    job.state = 'running';
    const strict = await startGateway({ WINE_URL: service.url }, { bus });
    await asAdmin(strict.url);
    await asUser(strict.url, 'viewer', 'bia');
    await open(strict.url);
    await page.locator('input[name=username]').fill('bia');
    await page.locator('input[name=password]').fill('the viewer of the tests');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('#who', { hasText: 'bia, viewer' }).waitFor();
    await page.locator('#dead-letters-section').waitFor({ state: 'hidden' });
    await page.locator('#jobs li', { hasText: 'wine.ingest' }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel wine.ingest' }).count()).toBe(0);
    await strict.stop();
  });

  it('leads to the documents, which Swagger UI shows', async () => {
    await open(gateway.url);
    await page.getByRole('link', { name: 'API', exact: true }).click();
    await page.getByText('/auth/login').first().waitFor();
    await page.getByText('Who changed what, newest first').waitFor();
    await picture('docs');
  });
});
