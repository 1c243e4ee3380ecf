import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRates } from '../../src/ecb/read-rates.ts';

const folder = resolve(
  process.env.SHARED_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'ecb',
);
const read = (file: string) => readRates(readFileSync(resolve(folder, file)));

// Real answers of the ECB, outside of the repository.
describe.skipIf(!existsSync(folder))('a real answer of the ECB', () => {
  it('is read from full csvdata, a holiday without value included', () => {
    expect(read('csvdata_D.USD.EUR.SP00.A_2026-09.csv')).toEqual([
      { currency: 'USD', date: '2026-09-03', rate: '1.1615' },
      { currency: 'USD', date: '2026-09-04', rate: '1.1622' },
      { currency: 'USD', date: '2026-09-07', rate: '1.1622' },
    ]);
    expect(read('csvdata_SEK_2024-12_and_missing_GBP_1999.csv')).toEqual([
      { currency: 'SEK', date: '2024-12-24', rate: '11.5335' },
      { currency: 'GBP', date: '1999-12-31', rate: null },
    ]);
  });

  it('is read from CSV with few columns', () => {
    expect(read('csvdata_all_2026-02-17_2026-03-18_4-columns.csv')).toHaveLength(638);
    expect(read('csvdata_all_2025-01-02_on_4-columns.csv').at(-1)).toEqual({
      currency: 'THB',
      date: '2025-05-07',
      rate: '37.147',
    });
  });

  it('is read from SDMX-JSON', () => {
    expect(read('sdmx-json_D.USD.EUR.SP00.A_2016-10-05_lastN1.json')).toEqual([
      { currency: 'USD', date: '2016-10-05', rate: '1.2' },
    ]);
  });

  it('is refused where it holds monthly rates', () => {
    expect(() => read('sdmx-ml-generic_M.USD.EUR.SP00.A_2026-05_RAW.xml')).toThrow(/daily rates/);
  });

  it('is read from eurofxref, and its CSV and XML agree', () => {
    const daily = read('eurofxref-daily_2025-05.xml');
    const history = read('eurofxref-hist_2025-05.csv');
    expect(daily).toHaveLength(30);
    expect(new Set(history.map(({ currency }) => currency)).size).toBe(41);
    expect(history).toEqual(expect.arrayContaining(daily));
    expect(history).toContainEqual({ currency: 'TRL', date: '1999-01-04', rate: '372274' });
  });
});
