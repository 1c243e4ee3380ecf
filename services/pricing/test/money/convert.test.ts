import { describe, expect, it } from 'vitest';
import { converter, crossRate } from '../../src/money/convert.ts';
import { randomCases } from './cases.ts';
import { reference } from './reference.ts';
import { written } from './written.ts';

describe('a conversion', () => {
  it('equals an independent exact computation in 10,000 random cases', () => {
    const different = randomCases(10_000).filter((given) => {
      const got = converter(given.base, given.quote, given.currency)(given.amount);
      const wanted = reference(given);
      return got.amount !== wanted.amount || got.unrounded !== wanted.unrounded;
    });
    expect(different).toEqual([]);
  });

  it('rounds half to even at the minor unit of the currency', () => {
    const amounts = (currency: string, values: string[]) =>
      values.map((value) => converter('1', '1', currency)(value).amount);
    expect(amounts('EUR', ['0.125', '0.135', '0.1250001', '2.5', '-0.125'])).toEqual([
      '0.12',
      '0.14',
      '0.13',
      '2.50',
      '-0.12',
    ]);
    expect(amounts('JPY', ['0.5', '1.5', '2.5', '2.51'])).toEqual(['0', '2', '2', '3']);
    expect(amounts('KWD', ['1.0005', '1.0015'])).toEqual(['1.000', '1.002']);
  });

  it('rounds once: a value just below a half stays below, however many digits that takes', () => {
    // 34 significant digits of this are 0.125: rounding those again would be rounding twice.
    const value = `0.125${'0'.repeat(50)}1`;
    expect(converter('1', '1', 'EUR')(value)).toEqual({ amount: '0.13', unrounded: '0.125' });
  });

  it('leaves a published rate and an exact amount as they are', () => {
    expect(crossRate('1', '1.1252')).toBe('1.1252');
    expect(converter('1.25', '1', 'EUR')('100')).toEqual({ amount: '80.00', unrounded: '80' });
  });

  it('gives a cross rate with 34 significant digits', () => {
    expect(crossRate('1.1252', '0.8477')).toBe('0.7533771773906861002488446498400284');
    expect(crossRate('372274', '1')).toBe('0.000002686193502635155826085087865389471');
  });
});

describe('a conversion that is written as digits', () => {
  it('equals an independent exact computation in 10,000 random cases, and is done for most of them', () => {
    const cases = randomCases(10_000).map((given) => ({ given, got: written(given) }));
    const done = cases.filter(({ got }) => got !== undefined);
    expect(done.filter(({ given, got }) => JSON.stringify(got) !== JSON.stringify(reference(given)))).toEqual([]);
    expect(done.length).toBeGreaterThan(5_000);
  });

  it('rounds half to even at the minor unit, and to 34 significant digits', () => {
    const amounts = (currency: string, values: string[]) =>
      values.map((amount) => written({ amount, base: '1', quote: '1', currency })?.amount);
    expect(amounts('EUR', ['0.125', '0.135', '0.12501', '2.5', '9.995', '99.999', '0.004'])).toEqual([
      '0.12',
      '0.14',
      '0.13',
      '2.50',
      '10.00',
      '100.00',
      '0.00',
    ]);
    expect(amounts('JPY', ['0.5', '1.5', '2.5', '2.51'])).toEqual(['0', '2', '2', '3']);
    expect(amounts('BHD', ['1.0005', '1.0015'])).toEqual(['1.000', '1.002']);
    const thirds = { amount: '2', base: '3', quote: '1', currency: 'EUR' };
    expect(written(thirds)?.unrounded).toBe(`0.${'6'.repeat(33)}7`);
    expect(written({ ...thirds, amount: '200', base: '0.03' })?.unrounded).toBe(`6666.${'6'.repeat(29)}7`);
  });

  it.each(['0', '0.00', '-1.25', '', '.', '5.', '.5', '1.2.3', '1e3', ' 1', 'NaN', '9007199254740992'])(
    'leaves %j to big integers',
    (amount) => {
      expect(written({ amount, base: '1', quote: '1', currency: 'EUR' })).toBeUndefined();
    },
  );
});
