import { describe, expect, it } from 'vitest';
import { noRate, resolveRate } from '../../src/rates/resolve-rate.ts';

const day = (rates: Record<string, string>) => new Map(Object.entries(rates));
const published = new Map([
  ['2025-05-08', day({ USD: '1.1297', GBP: '0.8476', BGN: '1.9558' })],
  ['2025-05-09', day({ USD: '1.1252', GBP: '0.8477' })],
]);
const resolve = (base: string, quote: string, date: string, now = '2025-06-01T12:00:00Z') =>
  resolveRate(published, { base, quote, date, now: new Date(now) });

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

  it('is carried forward over a weekend, and never over a day of rates', () => {
    expect(resolve('EUR', 'USD', '2025-05-11')).toMatchObject({
      rateDate: '2025-05-09',
      requestedDate: '2025-05-11',
      carriedForward: true,
      provisional: false,
    });
    expect(resolve('EUR', 'USD', '2025-05-12')).toBeUndefined();
    expect(resolve('EUR', 'USD', '2025-05-07')).toBeUndefined();
  });

  it('is carried forward provisionally until the rates of the day must be out', () => {
    expect(resolve('EUR', 'USD', '2025-05-12', '2025-05-12T15:59:00Z')).toMatchObject({
      rateDate: '2025-05-09',
      provisional: true,
    });
    expect(resolve('EUR', 'USD', '2025-05-12', '2025-05-12T16:00:00Z')).toBeUndefined();
  });

  it('is of the day whose rates hold, for both legs', () => {
    expect(resolve('USD', 'BGN', '2025-05-09')).toBeUndefined();
    expect(resolve('USD', 'BGN', '2025-05-08')).toMatchObject({ legs: [{ rate: '1.1297' }, { rate: '1.9558' }] });
  });

  it.each([
    ['HRK', '2023-01-10', '7.53450'],
    ['BGN', '2026-01-05', '1.95583'],
    ['BGN', '2026-02-10', '1.95583'],
    ['DEM', '1999-01-01', '1.95583'],
  ])('is the law where the euro has replaced the currency: %s on %s', (quote, date, rate) => {
    expect(resolve('EUR', quote, date)).toMatchObject({ rate, carriedForward: false, legs: [{ fixed: true }] });
  });

  it('is none of a currency that does not exist', () => {
    expect(resolve('XXX', 'XXX', '2025-05-09')).toBeUndefined();
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
    expect(noRate('RUB', '2025-05-09', '2022-03-01').message).toMatch(
      /of 2022-03-01. The ECB suspended it on 2022-03-02/,
    );
    expect(noRate('XXX', '2025-05-09', undefined).message).toMatch(/No rate of XXX was published/);
  });
});
