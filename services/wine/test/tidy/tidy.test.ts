import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { countryOf } from '../../src/catalogue/countries.ts';
import { tidyColumns, tidyOf } from '../../src/tidy/figures.ts';
import { renderTidy } from '../../src/tidy/render.ts';
import { selectTidy } from '../../src/tidy/select.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

const table = read(
  'commercialization',
  file(
    'id;control;Produto;2020;2021;2022',
    '1;SUCO DE UVAS;SUCO DE UVAS;9;8;nd',
    '2;su_A;A;0;5;3',
    '3;su_B;B;0;6;nd',
    '4;VINHO FRIZANTE;VINHO FRIZANTE;1;2;3',
  ),
);

describe('the tidy form', () => {
  it('adds up: what a total has more or less than its rows is a row, and zeros below such a total are unknown', () => {
    const rows = selectTidy(table, {}).map(({ name, year, quantity, missing_reason, is_residual }) => [
      `${name} ${year}`,
      quantity,
      missing_reason,
      is_residual,
    ]);
    expect(rows).toEqual([
      ['A 2020', null, 'not_itemised', false],
      ['A 2021', 5, null, false],
      ['A 2022', 3, null, false],
      ['B 2020', null, 'not_itemised', false],
      ['B 2021', 6, null, false],
      ['B 2022', null, 'not_available', false],
      ['not itemised 2020', 9, null, true],
      ['not itemised 2021', -3, null, true],
      ['VINHO FRIZANTE 2020', 1, null, false],
      ['VINHO FRIZANTE 2021', 2, null, false],
      ['VINHO FRIZANTE 2022', 3, null, false],
    ]);
    expect(selectTidy(table, { totals: 'only' }).map(({ quantity }) => quantity)).toEqual([9, 8, null]);
    expect(selectTidy(table, { name: 'A' })).toHaveLength(3);
    expect(selectTidy(table, { section: 'suco de uvas', year_from: 2021, year_to: 2021 })).toHaveLength(3);
  });

  it('says the same in every format', () => {
    const rows = selectTidy(table, {});
    const page = { offset: 0, limit: rows.length, nextCursor: null };
    const arrow = tableFromIPC(renderTidy(rows, page, 'arrow') as Uint8Array);
    expect(arrow.schema.fields.map(({ name }) => name)).toEqual([...tidyColumns]);
    const ours = arrow.toArray().map((row) => ({ ...row.toJSON() }));
    expect(ours).toEqual(rows);
    expect(JSON.parse(renderTidy(rows, page, 'json') as string)).toEqual({ items: rows, total: 11, next_cursor: null });
  });
});

describe.skipIf(vintages.length === 0)('the real files', () => {
  it.each(vintages)('of $name add up to the published totals in every section and year', ({ folder }) => {
    let compared = 0;
    for (const series of catalogue) {
      const real = read(series.id, realFile(folder, series.file));
      const sums = new Map<string, number>();
      for (const { section, year, quantity } of selectTidy(real, {})) {
        sums.set(`${section} ${year}`, (sums.get(`${section} ${year}`) ?? 0) + (quantity ?? 0));
      }
      for (const { section, year, quantity } of selectTidy(real, { totals: 'only' })) {
        if (quantity === null) continue;
        compared += 1;
        expect([series.id, section, year, Math.round((sums.get(`${section} ${year}`) ?? 0) * 100)]).toEqual([
          series.id,
          section,
          year,
          Math.round(quantity * 100),
        ]);
      }
    }
    expect(compared).toBeGreaterThan(800);
  });

  it('have zeros that are unknown in the years that were counted by hand', () => {
    const unknown = (id: 'commercialization' | 'processing-mesa', name: string) => {
      const found = new Map<string | null, Set<number>>();
      for (const { section, year, missing_reason } of tidyOf(read(id, realFile(vintages[0]?.folder ?? '', name)))) {
        if (missing_reason === 'not_itemised') found.set(section, (found.get(section) ?? new Set()).add(year));
      }
      return Object.fromEntries([...found].map(([section, years]) => [section, years.size]));
    };
    expect(unknown('commercialization', 'Comercio.csv')).toEqual({ ESPUMANTES: 27, 'SUCO DE UVAS': 49 });
    expect(unknown('processing-mesa', 'ProcessaMesa.csv')).toEqual({ TINTAS: 11 });
  });

  it('have only countries that have a code, but for five rows that are none', () => {
    const without = new Set<string>();
    const names = new Map<string, Set<string>>();
    for (const { folder } of vintages) {
      for (const series of catalogue.filter(({ hierarchy }) => hierarchy === 'countries')) {
        for (const { country } of read(series.id, realFile(folder, series.file)).rows) {
          const found = countryOf(country ?? '');
          if (found.iso === null) without.add(found.name);
          names.set(found.name, (names.get(found.name) ?? new Set()).add(country ?? ''));
        }
      }
    }
    expect([...without].sort()).toEqual([
      'Not declared',
      'Not in the table',
      'Others',
      "Ships' and aircraft's stores",
      'Virgin Islands',
    ]);
    expect(names.get('Germany')?.size).toBe(3);
  });
});
