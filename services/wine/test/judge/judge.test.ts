import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { changesBetween } from '../../src/judge/changes.ts';
import { doubtfulColumns } from '../../src/judge/doubtful.ts';
import { judgeFile } from '../../src/judge/judge-file.ts';
import type { SeriesTable } from '../../src/vitibrasil/table.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

const years = Array.from({ length: 20 }, (_, index) => 1990 + index);
const production = (
  change: (row: number, year: number, value: number) => number | string = (_row, _year, value) => value,
  rows = 12,
) =>
  file(
    `id;control;produto;${years.join(';')}`,
    ...['VINHO DE MESA', 'SUCO', 'DERIVADOS']
      .slice(0, Math.ceil(rows / 4))
      .flatMap((section, at) => [
        `1;${section};${section};${years.map((year) => change(at * 4, year, 60_000)).join(';')}`,
        ...[1, 2, 3].map(
          (child) =>
            `1;vm_${child};${section} ${child};${years.map((year) => change(at * 4 + child, year, 10_000 * child)).join(';')}`,
        ),
      ]),
  );
const before = read('production', production());
const codes = (text: string, against: SeriesTable | undefined = before) =>
  judgeFile(read('production', text), against, []).map(({ code }) => code);

describe('a file is held', () => {
  it('when it is another series by its sections, by its cultivars or by its figures', () => {
    const sales = file(
      'id;control;Produto;1990;1991',
      '1;VINHO FRIZANTE;VINHO FRIZANTE;1;2',
      '2;VINHO DE MESA;VINHO DE MESA;1;2',
      '3;vm_T;T;1;2',
    );
    expect(judgeFile(read('production', sales), undefined, [])).toMatchObject([
      { code: 'other_series', message: expect.stringContaining('VINHO FRIZANTE') },
    ]);
    const grapes = file(
      'id;control;cultivar;1990',
      '1;TINTAS;TINTAS;3',
      '2;ti_Isabel;Isabel;1',
      '3;ti_Concord;Concord;2',
    );
    expect(judgeFile(read('processing-viniferas', grapes), undefined, [])).toMatchObject([{ code: 'other_series' }]);
    expect(judgeFile(read('processing-americanas', grapes), undefined, [])).toEqual([]);
    const trade = file(
      `Id;País;${years.flatMap((year) => [year, year]).join(';')}`,
      `1;Chile;${years.flatMap((year) => [year * 2, year * 3]).join(';')}`,
    );
    const exports = read('export-wine', trade);
    expect(judgeFile(read('import-wine', trade), undefined, [exports])).toMatchObject([
      { code: 'other_series', message: expect.stringContaining('ExpVinho.csv') },
    ]);
    expect(judgeFile(exports, undefined, [exports])).toEqual([]);
  });

  it('when it lost rows or years', () => {
    expect(codes(production(undefined, 4))).toContain('rows_lost');
    const half = production()
      .split('\n')
      .map((line) => line.split(';').slice(0, 13).join(';'))
      .join('\n');
    expect(codes(half)).toEqual(['years_lost']);
  });

  it('when past figures change by a factor: all, a year, a row, or one beyond belief', () => {
    expect(codes(production((_row, _year, value) => value * 1000))).toEqual(['figures_changed']);
    expect(codes(production((_row, year, value) => (year === 2000 ? value * 10 : value)))).toEqual(['figures_changed']);
    expect(codes(production((row, _year, value) => (row === 2 ? value / 2 : value)))).toEqual(['figures_changed']);
    expect(codes(production((row, year, value) => (row === 2 && year === 2000 ? value * 100 : value)))).toEqual([
      'figures_changed',
    ]);
    expect(codes(production((_row, _year, value) => value + 1))).toEqual(['figures_changed']);
  });

  it('when past figures are gone', () => {
    expect(codes(production((_row, year, value) => (year === 2000 ? '' : value)))).toEqual(['figures_lost']);
    expect(codes(production((_row, year, value) => (year === 2000 ? 0 : value)))).toEqual(['figures_lost']);
  });
});

describe('a file passes unasked', () => {
  it('when nothing, or a few figures changed, and when nothing is known yet', () => {
    expect(codes(production())).toEqual([]);
    expect(codes(production((row, year, value) => (row === 1 && year === 2001 ? value + 500 : value)))).toEqual([]);
    expect(judgeFile(before, undefined, [])).toEqual([]);
  });

  it('when it mends a doubtful year', () => {
    const grapes = (factor: (row: number) => number) =>
      file(
        'id;control;cultivar;2020;2021;2022',
        '1;TINTAS;TINTAS;1;1;1',
        ...Array.from({ length: 30 }, (_, row) => `2;ti_${row};C${row};9000;${9000 * factor(row)};9100`),
      );
    const doubtful = read(
      'processing-viniferas',
      grapes((row) => (row % 2 === 0 ? 200 : 1)),
    );
    const mended = read(
      'processing-viniferas',
      grapes(() => 1),
    );
    expect(doubtfulColumns(doubtful)).toEqual([{ column: 1, steady: 30, outOfStep: 15 }]);
    expect(doubtfulColumns(mended)).toEqual([]);
    expect(judgeFile(mended, doubtful, [])).toEqual([]);
    expect(judgeFile(doubtful, mended, [])).toMatchObject([{ code: 'figures_changed' }]);
  });
});

describe.skipIf(vintages.length < 2)('the real vintages', () => {
  const [newer, older] = vintages;
  const all = (folder = '') => catalogue.map((series) => read(series.id, realFile(folder, series.file)));

  it('of July 2024 and May 2025 pass unasked: 4 past figures were revised, 743 blanks filled', () => {
    const after = all(newer?.folder);
    const counts: Record<string, number> = {};
    for (const [index, table] of all(older?.folder).entries()) {
      const next = after[index];
      if (next === undefined) continue;
      expect([table.series.id, judgeFile(next, table, after)]).toEqual([table.series.id, []]);
      for (const { kind } of changesBetween(table, next)) counts[kind] = (counts[kind] ?? 0) + 1;
    }
    expect(counts).toEqual({ revised: 4, filled: 743 });
  });

  it('have one doubtful year in two files', () => {
    const found = all(newer?.folder).flatMap((table) =>
      doubtfulColumns(table).map(({ column }) => `${table.series.id} ${table.columns[column]?.year}`),
    );
    expect(found).toEqual(['processing-viniferas 2021', 'processing-americanas 2021']);
  });

  it('are held under each other’s names', () => {
    const tables = all(newer?.folder);
    for (const series of catalogue) {
      for (const other of catalogue) {
        if (other === series || other.hierarchy !== series.hierarchy) continue;
        const table = read(series.id, realFile(newer?.folder ?? '', other.file));
        const own = tables.find((candidate) => candidate.series.id === series.id);
        expect([series.file, other.file, judgeFile(table, own, tables).map(({ code }) => code)]).toEqual([
          series.file,
          other.file,
          expect.arrayContaining(['other_series']),
        ]);
      }
    }
  });
});
