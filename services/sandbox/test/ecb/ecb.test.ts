import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sandbox as service } from '../../src/service.ts';

const start = (clock: () => Date) =>
  startService(service, { environment: { PORT: '0' }, logger: createLogger({ name: 'test', level: 'silent' }), clock });

// A Tuesday after publication; Good Friday was 3 April, Easter Monday 6 April.
let now = new Date('2026-04-07T16:30:00Z');
let running: RunningService;
let sandbox: RunningService['app'];

const get = (url: string, headers: Record<string, string> = {}) =>
  sandbox.inject({ url: `/ecb/service/data/${url}`, headers });
const rows = async (url: string) => {
  const { body } = await get(`${url}${url.includes('?') ? '&' : '?'}format=csvdata&detail=dataonly`);
  return body
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([, , currency, , , , date, value]) => [currency, date, value]);
};

beforeAll(async () => {
  running = await start(() => now);
  sandbox = running.app;
});
beforeEach(async () => {
  now = new Date('2026-04-07T16:30:00Z');
  await sandbox.inject({ method: 'DELETE', url: '/sandbox/ecb/rates' });
});
afterAll(() => running.stop());

describe('the stand-in for the ECB', () => {
  it('answers the same rates each time, weekends left out and Easter listed without values', async () => {
    const first = await rows('EXR/D.USD.EUR.SP00.A?startPeriod=2026-04-01&endPeriod=2026-04-07');
    expect(first.map(([, date]) => date)).toEqual([
      '2026-04-01',
      '2026-04-02',
      '2026-04-03',
      '2026-04-06',
      '2026-04-07',
    ]);
    expect(first.map(([, , value]) => value !== '')).toEqual([true, true, false, false, true]);
    expect(await rows('EXR/D.USD.EUR.SP00.A?startPeriod=2026-04')).toEqual(first);
    const other = await start(() => new Date('2026-12-01T00:00:00Z'));
    const { body } = await other.app.inject(
      '/ecb/service/data/EXR/D.USD.EUR.SP00.A?startPeriod=2026-04-07&endPeriod=2026-04-07&format=csvdata&detail=dataonly',
    );
    expect(body).toContain(`2026-04-07,${first.at(-1)?.[2]}`);
    await other.stop();
  });

  it('publishes the day in the afternoon', async () => {
    now = new Date('2026-04-07T14:59:00Z');
    expect((await get('EXR/D.USD.EUR.SP00.A?startPeriod=2026-04-07')).statusCode).toBe(404);
    now = new Date('2026-04-07T15:00:00Z');
    expect((await get('EXR/D.USD.EUR.SP00.A?startPeriod=2026-04-07')).statusCode).toBe(200);
  });

  it('understands wildcards and alternatives, and answers stale series with their last rate', async () => {
    expect((await rows('EXR/D.USD+JPY.EUR.SP00.A?lastNObservations=1')).map(([currency]) => currency)).toEqual([
      'JPY',
      'USD',
    ]);
    const last = new Map(
      (await rows('EXR/D..EUR.SP00.A?lastNObservations=1')).map(([currency, date]) => [currency, date]),
    );
    expect(last.get('RUB')).toBe('2022-03-01');
    expect(last.get('BGN')).toBe('2025-12-31');
    expect(last.get('GBP')).toBe('2026-04-07');
    expect(last.size).toBeGreaterThan(30);
  });

  it('answers only what was published or revised after a time', async () => {
    const url = `EXR/D..EUR.SP00.A?updatedAfter=${encodeURIComponent('2026-04-07T16:00:00+00:00')}`;
    expect((await get(url)).statusCode).toBe(404);
    const payload = { currency: 'USD', date: '2025-01-02', rate: '1.5' };
    expect((await sandbox.inject({ method: 'POST', url: '/sandbox/ecb/rates', payload })).statusCode).toBe(201);
    expect(await rows(url)).toEqual([['USD', '2025-01-02', '1.5']]);
  });

  it('writes the format that is asked for, and generic XML to who does not ask', async () => {
    const start = async (format: string) =>
      (await get(`EXR/D.USD.EUR.SP00.A?lastNObservations=1&format=${format}`)).body.slice(0, 200);
    expect(await start('csvdata')).toMatch(/^KEY,FREQ,CURRENCY/);
    const full = (await get('EXR/D.USD.EUR.SP00.A?lastNObservations=1&format=csvdata')).body.trim().split('\n');
    // The commas within the quoted title are none between columns.
    expect(full.map((line) => line.replace(/"[^"]*"/g, '').split(',').length)).toEqual([32, 32]);
    expect(await start('jsondata')).toMatch(/^\{"header"/);
    expect(await start('structurespecificdata')).toContain('StructureSpecificData');
    expect((await get('EXR/D.USD.EUR.SP00.A?lastNObservations=1')).body).toContain('<message:GenericData');
    expect((await get('EXR/D.USD.EUR.SP00.A?lastNObservations=1', { accept: 'text/csv' })).body).toMatch(/^KEY,/);
    expect((await get('EXR/D.USD.EUR.SP00.A', { accept: 'image/png' })).statusCode).toBe(406);
  });

  it('answers 400, 404 and 304 as the ECB does', async () => {
    expect((await get('EXR/D.USD.EUR')).statusCode).toBe(400);
    expect((await get('EXR/D.USD.EUR.SP00.A?startPeriod=soon')).statusCode).toBe(400);
    expect((await get('EXR/D.XXX.EUR.SP00.A')).statusCode).toBe(404);
    expect((await get('EXR/D.USD.EUR.SP00.A?startPeriod=2026-04-04&endPeriod=2026-04-05')).statusCode).toBe(404);
    expect((await get('BSI/D.USD.EUR.SP00.A')).statusCode).toBe(404);
    const { headers } = await get('EXR/D.USD.EUR.SP00.A?lastNObservations=1');
    const again = await get('EXR/D.USD.EUR.SP00.A?lastNObservations=1', {
      'if-modified-since': String(headers['last-modified']),
    });
    expect(again.statusCode).toBe(304);
  });

  it('has the files of eurofxref, with the same rates', async () => {
    const [, , value] = (await rows('EXR/D.USD.EUR.SP00.A?lastNObservations=1')).at(-1) ?? [];
    const { body: history } = await sandbox.inject('/ecb/stats/eurofxref/eurofxref-hist.csv');
    expect(history).toMatch(/^Date,AUD,.*,ZAR,\n2026-04-07,/);
    const { body: daily } = await sandbox.inject('/ecb/stats/eurofxref/eurofxref-daily.xml');
    expect(daily).toContain(`<Cube currency='USD' rate='${value}'/>`);
  });
});
