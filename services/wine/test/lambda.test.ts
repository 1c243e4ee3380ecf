import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestKey } from '@vindima/lake/store-run';
import type { RunningService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dataSetOf } from '../src/lake/keys.ts';
import { ingestInto } from '../src/lambda.ts';
import { breakSandbox, startSandbox } from './support/platform.ts';

describe('the Lambda entry', () => {
  let sandbox: RunningService;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => breakSandbox(sandbox));
  afterAll(() => sandbox?.stop());
  const environment = () => {
    const folder = temporaryFolder();
    const VITIBRASIL_URL = `${sandbox.url}/download`;
    return {
      folder,
      variables: { OBJECT_STORE_URL: `file:${folder}`, VITIBRASIL_URL, LOG_LEVEL: 'silent', WINE_RETRIES: '0' },
    };
  };

  it('ingests into an object store and leaves alone what has not changed there', async () => {
    const { folder, variables } = environment();
    const first = await ingestInto(variables, { time: '2026-11-21T00:00:00Z', source: 'aws.events' });
    expect([first.outcome, first.series.length]).toEqual(['succeeded', 15]);
    for (const { series, object_key } of first.series) {
      expect(existsSync(join(folder, manifestKey(dataSetOf(series))))).toBe(true);
      expect(
        readFileSync(join(folder, object_key ?? ''))
          .subarray(0, 4)
          .toString(),
      ).toBe('PAR1');
    }
    expect(existsSync(join(folder, first.log_key ?? ''))).toBe(true);
    const second = await ingestInto(variables, { series: ['production'] });
    expect(second.series.map(({ series, outcome }) => [series, outcome])).toEqual([['production', 'unchanged']]);
    const forced = await ingestInto(variables, { series: ['production'], force: true });
    expect(forced.series[0]?.outcome).toBe('ingested');
  });

  it('fails when nothing could be ingested, so that it is retried', async () => {
    await breakSandbox(sandbox, { path: '/download/*', fault: '500' });
    const failing = ingestInto(environment().variables, {});
    await expect(failing).rejects.toMatchObject({
      code: 'wine.ingestion_failed',
      details: { result: { outcome: 'failed' } },
    });
  });

  it('refuses an event that asks for what does not exist, and an environment without a store', async () => {
    const { variables } = environment();
    await expect(ingestInto(variables, { series: ['beer'] })).rejects.toMatchObject({ code: 'wine.invalid_request' });
    await expect(ingestInto({ ...variables, OBJECT_STORE_URL: undefined }, {})).rejects.toThrow(/OBJECT_STORE_URL/);
  });
});
