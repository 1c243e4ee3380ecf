import { serviceNames } from '@vindima/contracts';
import { browser } from '@vindima/test-servers';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../src/client.ts';
import { platforms, type RunningPlatform } from '../src/platforms.ts';

interface Described {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
}

const program = await browser();
const [embedded] = await platforms(process.env);

/** An example that says itself what must be typed: `the file_id of an upload`. */
const isPlaceholder = (example: unknown): boolean =>
  typeof example === 'string'
    ? /^the \w+ of /.test(example)
    : typeof example === 'object' && example !== null && Object.values(example).some(isPlaceholder);

describe.skipIf(program === undefined)('the page of all operations', () => {
  let platform: RunningPlatform | undefined;
  let client: Client;
  let instance: Browser;
  let page: Page;
  let operations: readonly (Described & { readonly method: string; readonly path: string })[];

  beforeAll(async () => {
    platform = await embedded?.start();
    if (platform === undefined) throw new Error('There is no platform.');
    client = await createClient(platform);
    await client.until('data', async () => {
      const answers = await Promise.all(
        ['/wine/series/production', '/wine/series/import-wine', '/prices', '/rates'].map((path) => client.call(path)),
      );
      return answers.every(({ ok }) => ok) ? true : undefined;
    });
    // The built-in model is there once somebody has asked for it.
    await client.json('/model/load', {});
    const { paths } = await client.json<{ paths: Record<string, Record<string, Described>> }>('/openapi.json');
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
    );
    const session = JSON.stringify({ access_token: client.token });
    instance = await chromium.launch({ ...program, args: [...(program?.args ?? [])], env: { ...program?.env } });
    page = await instance.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(20_000);
    await page.addInitScript((text) => sessionStorage.setItem('vindima', text), session);
    await page.goto(`${platform.url}/docs`);
    await page.locator('.opblock').first().waitFor({ timeout: 120_000 });
  });
  afterAll(async () => {
    await instance?.close();
    await client?.close();
    await platform?.stop();
  });

  /** Presses "Execute": the status of the answer, or that something must be filled in first. */
  const press = async (block: Locator, path: string) => {
    const start = path.split('{')[0] ?? '';
    const answer = page
      .waitForResponse((response) => new URL(response.url()).pathname.startsWith(start), { timeout: 15_000 })
      .then((response) => response.status())
      .catch(() => 'no answer' as const);
    await block.getByRole('button', { name: 'Execute' }).click();
    const told = block
      .locator('.invalid, .errors, [aria-invalid="true"]')
      .first()
      .waitFor({ timeout: 15_000 })
      .then(() => 'told what to type' as const)
      .catch(() => 'no answer' as const);
    return Promise.race([answer, told]);
  };

  /** What is wrong with an operation on the page, pressed once. */
  const problemsOf = async ({ operationId, method, path, requestBody }: (typeof operations)[number]) => {
    const place = page.locator(`.opblock-summary-path[data-path="${path}"]`);
    const block = page.locator(`.opblock.opblock-${method.toLowerCase()}`, { has: place });
    await block.locator('.opblock-summary-control').click();
    const [first] = Object.entries(requestBody?.content ?? {});
    const isForm = first?.[0] === 'multipart/form-data';
    const hasPicker = !isForm || (await block.locator('input[type="file"]').count()) > 0;
    const outcome = await press(block, path);
    // What is long is drawn long; the next one is waited for, and not this.
    await block.locator('.opblock-summary-control').click({ timeout: 60_000 });
    const isTold = outcome === 'told what to type' || (isPlaceholder(first?.[1].example) && Number(outcome) < 500);
    const isGood = isTold || (Number(outcome) >= 200 && Number(outcome) < 300);
    return [
      ...(hasPicker ? [] : [`${operationId}: no file picker`]),
      ...(isGood ? [] : [`${operationId} (${method} ${path}): ${outcome}`]),
      ...(method === 'DELETE' && !isTold ? [`${operationId}: one press deletes something`] : []),
    ];
  };

  it.each(['gateway', ...serviceNames])(
    'answers each of %s with one press, or says what must be typed',
    async (service) => {
      const wrong: string[] = [];
      for (const operation of operations.filter(({ operationId }) => operationId.startsWith(`${service}.`)))
        wrong.push(
          ...(await problemsOf(operation).catch((error: Error) => [
            `${operation.operationId}: ${error.message.split('\n')[0]}`,
          ])),
        );
      expect(wrong).toEqual([]);
    },
    600_000,
  );
});
