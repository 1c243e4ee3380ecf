import { describe, expect, it } from 'vitest';
import { checkTotals } from '../../src/checks/totals.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

describe('totals against the sum of their parts', () => {
  it('lists every mismatch, with what is missing in it', () => {
    const checks = checkTotals(
      read(
        'commercialization',
        file(
          'id;control;Produto;2020;2021;2022;2023',
          '1;ESPUMANTES;ESPUMANTES;10;10;0,3;nd',
          '2;es_A;A;4;6;0,1;nd',
          '3;es_B;B;6;;0,2;nd',
          '4;VINHO FRIZANTE;VINHO FRIZANTE;99;99;99;99',
        ),
      ),
    );
    expect(checks).toEqual({
      series: 'commercialization',
      doubtful: [],
      totals: 3,
      not_comparable: 1,
      mismatches: [
        {
          section: 'ESPUMANTES',
          row_number: 1,
          year: 2021,
          measure: 'quantity',
          unit: 'L',
          reported: 10,
          sum_of_parts: 6,
          difference: 4,
          missing_parts: 1,
        },
      ],
    });
  });

  it('compares a total of countries in every measure', () => {
    const checks = checkTotals(
      read('import-wine', file('Id;País;2023;2023', '1;Chile;1;5', '2;Cuba;2;5', '3;Total;3;11')),
    );
    expect(checks.totals).toBe(2);
    expect(checks.mismatches).toMatchObject([{ section: 'Total', measure: 'value', difference: 1 }]);
  });

  it.skipIf(vintages.length === 0)('finds what is known of the real files of May 2025', () => {
    const folder = vintages[0]?.folder ?? '';
    const found = (series: Parameters<typeof read>[0], name: string) =>
      checkTotals(read(series, realFile(folder, name))).mismatches.map(
        ({ section, year, difference }) => `${section} ${year} ${difference}`,
      );
    expect(found('production', 'Producao.csv')).toEqual(['VINHO DE MESA 2022 -1', 'DERIVADOS 2022 -2']);
    expect(found('processing-viniferas', 'ProcessaViniferas.csv')).toEqual(['BRANCAS E ROSADAS 2020 -20']);
    expect(found('processing-americanas', 'ProcessaAmericanas.csv')).toEqual([
      'TINTAS 2023 1',
      'BRANCAS E ROSADAS 2020 -91980',
    ]);
    const mesa = found('processing-mesa', 'ProcessaMesa.csv').map((text) => Number(text.split(' ')[1]));
    expect(mesa).toEqual([1988, 1989, 1990, 1991, 1992, 1994, 1995, 1996, 1997, 1998, 1999]);
    expect(found('commercialization', 'Comercio.csv')).toContain('VINHO DE MESA 2007 4808616');
  });
});
