import { describe, expect, it } from 'vitest';
import { noRate, resolveRate } from '../../src/rates/resolve-rate.ts';

const day = (rates: Record<string, string>) => new Map(Object.entries(rates));
const published = new Map([
  ['2025-05-08', day({ USD: '1.1297', GBP: '0.8476', BGN: '1.9558' })],
  ['2025-05-09', day({ USD: '1.1252', GBP: '0.8477' })],
]);
const resolve = (base: string, quote: string, date: string) => resolveRate(published, base, quote, date);

describe('the rate of a day', () => {
  it('is the published one, from and to the euro', () => {
    expect(resolve('EUR', 'USD', '2025-05-09')).toMatchObject({
      rate: '1.1252',
      path: 'EUR>USD',
      carriedForward: false,
    });
    expect(resolve('USD', 'EUR', '2025-05-09')).toMatchObject({
      rate: '0.8887308922858158549591183789548525',
      path: 'USD>EUR',
      legs: [{ base: 'EUR', quote: 'USD', rate: '1.1252' }],
    });
  });

  it('goes through the euro between other currencies, and says so', () => {
    expect(resolve('USD', 'GBP', '2025-05-09')).toMatchObject({
      rate: '0.7533771773906861002488446498400284',
      path: 'USD>EUR>GBP',
      legs: [
        { quote: 'USD', rate: '1.1252' },
        { quote: 'GBP', rate: '0.8477' },
      ],
    });
  });

  it('is carried forward over a weekend, for 14 days and no longer', () => {
    expect(resolve('EUR', 'USD', '2025-05-11')).toMatchObject({
      rateDate: '2025-05-09',
      requestedDate: '2025-05-11',
      carriedForward: true,
    });
    expect(resolve('EUR', 'USD', '2025-05-23')).toMatchObject({ rateDate: '2025-05-09' });
    expect(resolve('EUR', 'USD', '2025-05-24')).toBeUndefined();
    expect(resolve('EUR', 'USD', '2025-05-07')).toBeUndefined();
  });

  it('does not blend days: both legs are of the last day that has both', () => {
    expect(resolve('USD', 'BGN', '2025-05-09')).toMatchObject({
      rateDate: '2025-05-08',
      legs: [{ rate: '1.1297' }, { rate: '1.9558' }],
    });
  });

  it('is one for a currency in itself, without any published rate', () => {
    expect(resolve('USD', 'USD', '1990-01-01')).toMatchObject({
      rate: '1',
      path: 'USD',
      legs: [],
      carriedForward: false,
    });
  });

  it('is missing with the day of the last one', () => {
    expect(noRate('RUB', '2025-05-09', '2022-03-01').message).toMatch(/of 2022-03-01, 1165 days older; at most 14/);
    expect(noRate('XXX', '2025-05-09', undefined).message).toMatch(/No rate of XXX was published/);
  });
});
