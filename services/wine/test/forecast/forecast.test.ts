import { describe, expect, it } from 'vitest';
import { forecastRows } from '../../src/forecast/forecast-rows.ts';
import { kindOf } from '../../src/forecast/kind.ts';
import { subjectsOf } from '../../src/forecast/rows-of.ts';
import { fillGaps, simpleSmoothing, smooth } from '../../src/forecast/smoothing.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

/** The same numbers for the same seed: 32 bits of a linear congruential generator. */
const numbers = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const walk = (seed: number, years = 50) => {
  // Seeds in a row begin alike: apart they go only after a while.
  const next = numbers(Math.imul(seed, 2654435761));
  for (let skipped = 0; skipped < 50; skipped++) next();
  let value = 10_000;
  return Array.from({ length: years }, () => (value = Math.max(1, value * Math.exp((next() - 0.5) * 0.6))));
};
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ firstYear: 1970, values: walk(index + 1) }));

describe('simple smoothing', () => {
  const rising = [12, 15, 14, 20, 18, 25, 24, 23, 30, 28, 35, 33, 31, 40, 38, 36, 45, 43, 41, 50];
  const level = [5, 3, 8, 2, 9, 4, 7, 3, 6, 5, 8, 2, 7, 4, 6, 5, 3, 8, 4, 6];

  it('has the levels of statsforecast 2 for a given weight', () => {
    const ours = (values: number[]) => [0.2, 0.5, 0.8].map((alpha) => smooth(values, alpha).level);
    for (const [index, expected] of [40.00156634, 45.7150402, 48.2822582].entries())
      expect(ours(rising)[index]).toBeCloseTo(expected, 4);
    for (const [index, expected] of [5.31651088, 5.51283264, 5.72342038].entries())
      expect(ours(level)[index]).toBeCloseTo(expected, 4);
  });

  it('finds the weight with the least error', () => {
    for (const values of [rising, level, walk(3)]) {
      const { alpha } = simpleSmoothing(values);
      const best = Math.min(...Array.from({ length: 999 }, (_, index) => smooth(values, (index + 1) / 1000).squares));
      expect(smooth(values, alpha).squares).toBeLessThanOrEqual(best * 1.0001);
    }
  });

  it('draws a line through gaps', () => {
    expect(fillGaps([null, 2, null, null, 8, null])).toEqual([2, 2, 4, 6, 8, 8]);
  });
});

describe('kinds', () => {
  const some = (count: number, of: number) => Array.from({ length: of }, (_, index) => (index % of < count ? 5 : 0));
  it('are decided by the last twenty known figures', () => {
    expect(kindOf(walk(1))).toBe('continuous');
    expect(kindOf([...walk(1, 30), 0, 0, 0, 0, 0])).toBe('ended');
    expect(kindOf([...walk(1, 30), 0, 0, 0, null, 0])).toBe('continuous');
    expect(kindOf([...walk(1, 30), ...some(3, 5), ...some(3, 5)])).toBe('continuous');
    expect(kindOf([...walk(1, 30), ...some(2, 4), ...some(2, 4), ...some(2, 4)])).toBe('intermittent');
    expect(kindOf([5, 0, 0, 3, 0, 0, 4, 0, 0, 3])).toBe('sparse');
  });
});

describe('forecasts', () => {
  it('have a point inside intervals that are wider for more certainty, and a backtest beside the naive method’s', () => {
    for (const { kind, years, backtest, refused } of forecastRows(rows(40))) {
      expect([kind, refused, years.length, years[0]?.year]).toEqual(['continuous', null, 5, 2020]);
      for (const { point, lower80, upper80, lower95, upper95, chance, median } of years) {
        const ordered = [0, lower95, lower80, point, upper80, upper95];
        expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
        expect([chance, median]).toEqual([null, null]);
      }
      expect(backtest).toMatchObject({ windows: 10, mase: expect.any(Number), naive_mase: expect.any(Number) });
    }
  });

  it('hold about what they say on rows of the same kind', () => {
    const whole = rows(120);
    const made = forecastRows(whole.map(({ values }) => ({ firstYear: 1970, values: values.slice(0, 45) })));
    let inside = 0;
    for (const [index, { years }] of made.entries()) {
      const { lower80 = 0, upper80 = 0 } = years[0] ?? {};
      const truth = whole[index]?.values[45] ?? 0;
      if (truth >= lower80 && truth <= upper80) inside += 1;
    }
    expect(inside / made.length).toBeGreaterThan(0.7);
    expect(inside / made.length).toBeLessThan(0.9);
  });

  it('are chances where figures come and go, and never certain', () => {
    const next = numbers(7);
    const comes = { firstYear: 1970, values: walk(9).map((value) => (next() < 0.45 ? 0 : value)) };
    comes.values[49] = 4000;
    const [first] = forecastRows([comes, ...rows(20)]);
    expect(first?.kind).toBe('intermittent');
    expect(first?.years.every(({ chance }) => chance !== null && chance > 0.2 && chance < 0.95)).toBe(true);
  });

  it('are refused with the counts where nothing can be said', () => {
    const [ended, sparse, short, never] = forecastRows([
      { firstYear: 1970, values: [...walk(1, 40), ...Array(8).fill(0)] },
      { firstYear: 1970, values: [5, 0, 0, 3, 0, 0, 4, ...Array(28).fill(null), 3] },
      { firstYear: 1970, values: [0, 0, ...walk(1, 20)] },
      { firstYear: 1970, values: [0, 0, null] },
      ...rows(5),
    ]);
    expect(ended).toMatchObject({
      kind: 'ended',
      years: [],
      refused: expect.stringContaining('none since 2009: the last 8'),
    });
    expect(sparse?.refused).toContain('Only 4 of 36 years');
    expect(short).toMatchObject({ kind: 'short', firstYear: 1972, refused: expect.stringContaining('20 years') });
    expect(never?.refused).toContain('never');
  });
});

describe('what is forecast', () => {
  it('is every row, every section and the series; unknown is never 0', () => {
    const table = read(
      'production',
      file(
        'id;control;produto;2020;2021',
        '1;SUCO;SUCO;9;nd',
        '2;su_A;A;0;5',
        '3;su_B;B;0;*',
        '4;DERIVADOS;DERIVADOS;3;4',
      ),
    );
    expect(subjectsOf(table).map(({ about, values }) => [about.level, about.name, values])).toEqual([
      ['section', null, [9]],
      ['row', 'A', [null, 5]],
      ['row', 'B', []],
      ['row', 'DERIVADOS', [3, 4]],
      ['series', null, [12]],
    ]);
  });

  it.skipIf(vintages.length === 0)('leaves the doubtful year out', () => {
    const table = read('processing-viniferas', realFile(vintages[0]?.folder ?? '', 'ProcessaViniferas.csv'));
    const goethe = subjectsOf(table).find(({ about }) => about.name === 'Cabernet Sauvignon');
    expect([goethe?.about.left_out, goethe?.values[51]]).toEqual([[2021], null]);
  });
});
