import { forecastWine, type Job, type WineForecast } from '@vindima/contracts';
import { type Bus, type Delivery, openInProcessBus } from '@vindima/messaging';
import { createLogger, type RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingest, post, startSandbox, startWine, until } from '../support/platform.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('forecasts', () => {
  let sandbox: RunningService;
  let wine: RunningService;
  let bus: Bus;
  const told: unknown[] = [];
  const ask = async (query: string) => {
    const answer = await fetch(`${wine.url}/wine/forecast?${query}`);
    return { status: answer.status, body: (await answer.json()) as WineForecast & { code: string; details: unknown } };
  };
  beforeAll(async () => {
    sandbox = await startSandbox();
    bus = await openInProcessBus({ path: ':memory:', logger });
    await bus.consume(
      { name: 'test', subjects: ['events.wine.forecast-made'] },
      async (deliveries: readonly Delivery[]) => {
        told.push(...deliveries.map(({ payload }) => payload));
        return deliveries.map(() => ({ done: true }));
      },
    );
    wine = await startWine(sandbox, { WINE_TIMEOUT_SECONDS: '20' }, { bus });
    await ingest(wine, { series: ['production', 'import-wine', 'export-wine'] });
  });
  afterAll(async () => {
    await wine?.stop();
    await bus?.close();
    await sandbox?.stop();
  });

  it('are not there before they are made; are made in a job, and told', async () => {
    expect((await ask('series=production')).body.code).toBe('wine.no_forecast');
    const started = await fetch(`${wine.url}/wine/forecasts`, post({}));
    expect(started.status).toBe(202);
    const { id } = (await started.json()) as Job;
    await until(async () =>
      ((await (await fetch(`${wine.url}/jobs/${id}`)).json()) as Job).state === 'succeeded' ? true : undefined,
    );
    await until(() => (told.length > 0 ? true : undefined));
    expect(told[0]).toMatchObject({ run: id, series: ['production', 'import-wine', 'export-wine'] });
  });

  it('are asked for by series, section, name and country, for some years', async () => {
    const total = await ask('series=production&years=2');
    expect(total.body.items).toMatchObject([{ level: 'series', unit: 'L', years: [{}, {}] }]);
    expect((await ask('series=production&section=SUCO')).body.items).toMatchObject([
      { level: 'section', section: 'SUCO' },
    ]);
    const africa = await ask('series=import-wine&country=ZAF&measure=value');
    expect(africa.body.items).toMatchObject([{ level: 'row', country: 'South Africa', measure: 'value', unit: 'US$' }]);
    expect((await ask('series=import-wine&country=Chille')).body).toMatchObject({
      code: 'wine.no_match',
      details: { nearest: ['Chile'] },
    });
    const short = await ask('series=import-wine&country=Chile');
    expect([short.status, short.body.code]).toEqual([422, 'wine.not_forecast']);
    expect((await ask('series=production&measure=value')).body.code).toBe('wine.no_measure');
    expect((await ask('series=production&years=9')).status).toBe(400);
  });

  it('are made for a command', async () => {
    const before = told.length;
    const { subject, type } = forecastWine;
    await bus.publish([{ id: 'one', subject, type, source: 'test', time: new Date().toISOString(), payload: {} }]);
    await until(() => (told.length > before ? true : undefined));
  });
});
