import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { yearsOf } from '../../src/vitibrasil/table.ts';
import { figure, read, realFile, vintages } from '../support/files.ts';

describe.skipIf(vintages.length === 0)('real files', () => {
  it.each(vintages)('of $name: all fifteen are read, with the warnings that are known', ({ folder }) => {
    const warnings: Record<string, Record<string, number>> = {};
    for (const series of catalogue) {
      for (const { code } of read(series.id, realFile(folder, series.file)).warnings) {
        warnings[series.file] ??= {};
        const counts = warnings[series.file] ?? {};
        counts[code] = (counts[code] ?? 0) + 1;
      }
    }
    expect(warnings).toEqual({
      'ProcessaViniferas.csv': { decimal_comma: 32, duplicate_control: 1 },
      'ProcessaAmericanas.csv': { duplicate_id: 1 },
      'Comercio.csv': { duplicate_control: 3, missing_control: 1 },
    });
  });

  it('of May 2025 have the rows and years that were counted by hand', () => {
    const folder = vintages[0]?.folder ?? '';
    const shapes = catalogue.map((series) => {
      const table = read(series.id, realFile(folder, series.file));
      return [table.rows.length, yearsOf(table).first, yearsOf(table).last];
    });
    expect(shapes.map(([rows]) => rows)).toEqual([51, 139, 62, 10, 1, 62, 69, 46, 20, 36, 29, 141, 107, 140, 125]);
    expect(shapes.every(([, first]) => first === 1970)).toBe(true);
    expect(shapes.map(([, , last]) => last)).toEqual([...Array(6).fill(2023), ...Array(9).fill(2024)]);
  });

  it('of May 2025 say what was read in them by hand', () => {
    const folder = vintages[0]?.folder ?? '';
    const viniferas = read('processing-viniferas', realFile(folder, 'ProcessaViniferas.csv'));
    expect(figure(viniferas, 0, 2023)).toBe(35881118.23);
    const year = viniferas.columns.findIndex((column) => column.year === 2019);
    expect(viniferas.rows.every((_, row) => viniferas.missing[row * viniferas.columns.length + year] === 1)).toBe(true);
    const wine = read('import-wine', realFile(folder, 'ImpVinhos.csv'));
    const argelia = wine.rows.findIndex((row) => row.country === 'Argélia');
    expect([figure(wine, argelia, 2016), figure(wine, argelia, 2016, 'value')]).toEqual([0, 43]);
  });
});
