import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRates } from '../../src/ecb/read-rates.ts';
import { findSuspects } from '../../src/rates/screen-rates.ts';

const day = (rates: Record<string, string>) => new Map(Object.entries(rates));
const usual = async () => ({ move: 0.05, days: 5000 });
const reasons = async (observations: Parameters<typeof findSuspects>[0], known = new Map()) =>
  (await findSuspects(observations, known, '2020-03-12', usual)).map(({ reason }) => reason);

describe('a rate', () => {
  it('is suspect when it is new and moves by more than its currency ever did', async () => {
    const known = new Map([['2020-03-11', day({ USD: '1.1' })]]);
    const on = (date: string, rate: string) => [{ currency: 'USD', date, rate }];
    expect(await reasons(on('2020-03-12', '110'), known)).toEqual(['jump']);
    expect(await reasons(on('2020-03-12', '1.19'), known)).toEqual(['jump']);
    expect(await reasons(on('2020-03-12', '1.18'), known)).toEqual([]);
  });

  it('is suspect in history only when it comes back', async () => {
    const of = (...rates: string[]) =>
      rates.map((rate, index) => ({ currency: 'TRL', date: `2001-02-2${index}`, rate }));
    expect(await reasons(of('687000', '1156000', '1128000'))).toEqual([]);
    expect(await reasons(of('687000', '68700000', '690000'))).toEqual(['comes_back']);
    expect(await reasons(of('687000', '6870', '690000'))).toEqual(['comes_back']);
  });
});

const file = resolve(
  process.env.SHARED_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'ecb/eurofxref-hist_2025-05.csv',
);
describe.skipIf(!existsSync(file))('the real history of the ECB', () => {
  it('has no suspect among its rates', async () => {
    const observations = readRates(readFileSync(file));
    expect(observations.length).toBeGreaterThan(200_000);
    expect(await findSuspects(observations, new Map(), '2025-05-09', usual)).toEqual([]);
  });
});
