import { describe, expect, it } from 'vitest';
import { figure, file, read, warningsOf, years } from '../support/files.ts';

const production = file(
  'id;control;produto;2021;2022;2023',
  '1;VINHO DE MESA;VINHO DE MESA;30;40;50',
  '2;vm_Tinto;Tinto;20;30;30',
  '3;vm_Branco;Branco;10;10;20',
);

describe('delimiter', () => {
  it('is what the header has more of, for any file', () => {
    for (const series of ['production', 'processing-americanas'] as const) {
      const semicolons = read(series, production);
      const tabs = read(series, production.replaceAll(';', '\t'));
      expect(tabs.values).toEqual(semicolons.values);
      expect([...tabs.warnings, ...semicolons.warnings]).toEqual([]);
    }
  });

  it('is never a comma, as names hold commas', () => {
    const table = read(
      'import-wine',
      file('Id;País;2023;2023', '1;Alemanha, República Democrática;1;2', '2;Rússia,  Federação da;3;4'),
    );
    expect(table.rows.map((row) => row.country)).toEqual(['Alemanha, República Democrática', 'Rússia,  Federação da']);
  });
});

describe('line ends and encoding', () => {
  it('accepts CRLF, with a warning', () => {
    const table = read('production', production.replaceAll('\n', '\r\n'));
    expect(table.values).toEqual(read('production', production).values);
    expect(warningsOf(table)).toEqual(['line_ends 1:1']);
  });

  it('accepts a byte order mark, with a warning', () => {
    const table = read('production', `\ufeff${production.replaceAll('\n', '\r\n')}`);
    expect(table.rows[0]?.name).toBe('VINHO DE MESA');
    expect(warningsOf(table)).toEqual(['byte_order_mark 1:1', 'line_ends 1:1']);
  });

  it('reads Windows-1252 where the bytes are no UTF-8, with a warning', () => {
    const table = read('import-wine', Buffer.from(file('Id;País;2023;2023', '1;Áustria;1;2'), 'latin1'));
    expect(table.rows[0]?.country).toBe('Áustria');
    expect(warningsOf(table)).toEqual(['not_utf8 1:1']);
  });

  it('takes off the quotation marks that a spreadsheet adds', () => {
    const table = read('production', file('id;control;produto;2023', '1;"de_A";"A; ""B""";7'));
    expect([table.rows[0]?.name, figure(table, 0, 2023)]).toEqual(['A; "B"', 7]);
    expect(warningsOf(table)).toEqual(['quoted_cells 2:2']);
  });

  it('leaves out the empty lines and columns that a spreadsheet adds', () => {
    const table = read(
      'production',
      file('id;control;produto;2022;2023;;', '1;DERIVADOS;DERIVADOS;5;6;;', ';;;;;;', '2;de_Brandy;Brandy;5;6;;'),
    );
    expect(table.rows.map((row) => row.name)).toEqual(['DERIVADOS', 'Brandy']);
    expect(years(table)).toEqual([2022, 2023]);
    expect(warningsOf(table)).toEqual(['unnamed_column 1:6', 'unnamed_column 1:7', 'blank_line 3:1']);
  });
});

describe('header', () => {
  it('may be written in any case, with or without accents', () => {
    expect(read('commercialization', production.replace('produto', 'Produto')).warnings).toEqual([]);
    expect(read('import-wine', file('ID;PAIS;2023;2023', '1;Chile;1;2')).warnings).toEqual([]);
  });

  it('may lack the control column: the sections are then those in capitals', () => {
    const table = read(
      'production',
      file(
        'id;produto;2021;2022',
        '1;VINHO DE MESA;30;40',
        '2;Tinto;20;30',
        '3;Branco;10;10',
        '4;SUCO;1;2',
        '5;Suco de uva;1;2',
      ),
    );
    expect(table.rows.map((row) => [row.section, row.control, row.isTotal])).toEqual([
      ['VINHO DE MESA', null, true],
      ['VINHO DE MESA', null, false],
      ['VINHO DE MESA', null, false],
      ['SUCO', null, true],
      ['SUCO', null, false],
    ]);
    expect(warningsOf(table)).toEqual(['sections_by_case 2:2']);
  });

  it('without the control column, a cultivar in capitals is none of the sections, by its figures', () => {
    const table = read(
      'processing-americanas',
      file('id;cultivar;2021;2022', '1;TINTAS;30;40', '2;Bordo;20;30', '3;IAC 138022;0;1', '4;Isabel;10;9'),
    );
    expect(table.rows.map((row) => row.section)).toEqual(['TINTAS', 'TINTAS', 'TINTAS', 'TINTAS']);
    expect(table.rows.map((row) => row.isTotal)).toEqual([true, false, false, false]);
    expect(warningsOf(table)).toEqual(['sections_by_case 2:2', 'upper_case_row 4:2']);
  });

  it('may be missing: ids, texts and figures from 1970 on, with a warning', () => {
    const zeros = Array.from({ length: 52 }, (_, index) => index).join(';');
    const table = read('production', file(`1;VINHO DE MESA;VINHO DE MESA;${zeros}`, `2;vm_Tinto;Tinto;${zeros}`));
    expect([years(table)[0], years(table).at(-1), figure(table, 1, 2021)]).toEqual([1970, 2021, 51]);
    expect(table.rows.map((row) => row.isTotal)).toEqual([true, false]);
    expect(warningsOf(table)).toEqual(['missing_header 1:1']);
  });

  it('may be longer than every row: the last year has no figures yet', () => {
    const table = read('production', file('id;control;produto;2022;2023', '1;SUCO;SUCO;5', '2;su_A;A;5'));
    expect([figure(table, 0, 2022), figure(table, 0, 2023)]).toEqual([5, null]);
    expect([...table.missing]).toEqual([0, 6, 0, 6]);
    expect(warningsOf(table)).toEqual(['header_longer_than_rows 1:5']);
  });

  it('names columns that the parser does not know: they are left out, with a warning', () => {
    const table = read('production', file('id;control;codigo;produto;2022;nota;2023', '1;de_A;X9;A;5;ok;6'));
    expect([table.rows[0]?.name, figure(table, 0, 2022), figure(table, 0, 2023)]).toEqual(['A', 5, 6]);
    expect(warningsOf(table)).toEqual(['unknown_column 1:3', 'unknown_column 1:6']);
  });

  it('of another kind of file is reported', () => {
    const table = read('production', file('Id;País;2023', '1;Chile;1'));
    expect(warningsOf(table)).toContain('unexpected_name_column 1:2');
  });
});

describe('years twice', () => {
  it('are quantity and value, in this order', () => {
    const table = read('import-wine', file('Id\tPaís\t2022\t2022\t2023\t2023', '1\tChile\t1\t2\t3\t4'));
    expect(table.columns.map(({ year, measure }) => `${year} ${measure.measure} ${measure.unit}`)).toEqual([
      '2022 quantity kg',
      '2022 value US$',
      '2023 quantity kg',
      '2023 value US$',
    ]);
    expect(table.warnings).toEqual([]);
  });

  it('four times the same label: the second pair is the next year, by its place', () => {
    const table = read('import-wine', file('Id;País;2020;2020;2021;2021;2021;2021', '1;Chile;1;2;3;4;5;6'));
    expect(years(table)).toEqual([2020, 2020, 2021, 2021, 2022, 2022]);
    expect([figure(table, 0, 2022), figure(table, 0, 2022, 'value')]).toEqual([5, 6]);
    expect(warningsOf(table)).toEqual(['repeated_year 1:7', 'repeated_year 1:8']);
  });

  it('four times in the middle, before a year that shows which one is meant', () => {
    const table = read('import-wine', file('Id;País;2020;2020;2020;2020;2022;2022', '1;Chile;1;2;3;4;5;6'));
    expect(years(table)).toEqual([2020, 2020, 2021, 2021, 2022, 2022]);
  });

  it('three times, where one label of the year before is wrong', () => {
    const table = read('import-wine', file('Id;País;2019;2019;2020;2021;2021;2021', '1;Chile;1;2;3;4;5;6'));
    expect(years(table)).toEqual([2019, 2019, 2020, 2020, 2021, 2021]);
    expect(warningsOf(table)).toEqual(['repeated_year 1:6']);
  });

  it('are left out where their place leaves a doubt', () => {
    const once = read('import-wine', file('Id;País;2019;2019;2020;2021;2022;2022', '1;Chile;1;2;3;4;5;6'));
    expect(years(once)).toEqual([2019, 2019, 2022, 2022]);
    expect(warningsOf(once)).toEqual(['unplaced_column 1:5', 'unplaced_column 1:6']);
    const again = read(
      'import-wine',
      file('Id;País;2020;2020;2021;2021;2020;2020;2022;2022', '1;Chile;1;2;3;4;5;6;7;8'),
    );
    expect(years(again)).toEqual([2020, 2020, 2021, 2021, 2022, 2022]);
    expect(warningsOf(again)).toEqual(['unplaced_column 1:7', 'unplaced_column 1:8']);
  });

  it('may stand in two blocks, with a warning', () => {
    const table = read('import-wine', file('Id;País;2022;2023;2022;2023', '1;Chile;1;2;3;4'));
    expect([figure(table, 0, 2022), figure(table, 0, 2022, 'value')]).toEqual([1, 3]);
    expect(warningsOf(table)).toEqual(['measures_apart 1:3']);
  });

  it('in a series with one measure are not mixed up with it', () => {
    const table = read('production', file('id;control;produto;2022;2023;2023', '1;de_A;A;1;2;3'));
    expect([years(table)[0], figure(table, 0, 2022)]).toEqual([2022, 1]);
    expect(table.warnings.length).toBeGreaterThan(0);
  });
});

describe('values', () => {
  const one = (cell: string) => read('production', file('id;control;produto;2022;2023', `1;de_A;A;0;${cell}`));

  it.each([
    ['0', 0],
    ['14164329', 14164329],
    [' 7 ', 7],
  ])('%j is the number it says', (cell, expected) => {
    const table = one(cell);
    expect([figure(table, 0, 2023), table.warnings]).toEqual([expected, []]);
  });

  it.each([
    ['35881118,23', 35881118.23, 'decimal_comma'],
    ['147979,4', 147979.4, 'decimal_comma'],
    ['1,234', 1.234, 'ambiguous_number'],
    ['1.234.567', 1234567, 'thousands_separator'],
    ['1.234.567,89', 1234567.89, 'thousands_separator'],
    ['1.234', 1234, 'ambiguous_number'],
    ['12345.5', 12345.5, 'decimal_point'],
    ['-5', -5, 'negative_number'],
  ])('%j is read as %d, with a warning', (cell, expected, code) => {
    const table = one(cell);
    expect([figure(table, 0, 2023), warningsOf(table)]).toEqual([expected, [`${code} 2:5`]]);
  });

  it.each([
    ['nd', 1],
    ['ND', 1],
    ['*', 2],
    ['+', 3],
    ['', 4],
    ['  ', 4],
  ])('%j is missing, for a reason that is kept', (cell, reason) => {
    const table = one(cell);
    expect([figure(table, 0, 2023), table.missing[1], table.warnings]).toEqual([null, reason, []]);
  });

  it.each([
    ['-', 5, 'dash'],
    ['abc', 7, 'unreadable_value'],
    ['1,2,3', 7, 'unreadable_value'],
    ['1e9', 7, 'unreadable_value'],
    ['12345678901234567890', 7, 'unreadable_value'],
    ['constructor', 7, 'unreadable_value'],
    ['NaN', 7, 'unreadable_value'],
  ])('%j is missing, with a warning', (cell, reason, code) => {
    const table = one(cell);
    expect([figure(table, 0, 2023), table.missing[1], warningsOf(table)]).toEqual([null, reason, [`${code} 2:5`]]);
  });

  it('keeps a zero quantity beside a value, and the reverse', () => {
    const table = read('import-wine', file('Id;País;2016;2016', '1;Argélia;0;43', '2;Áustria;770;0'));
    expect([...table.values]).toEqual([0, 43, 770, 0]);
  });

  it('keeps a row of blanks as a row without figures', () => {
    const table = read('export-grapes', file('Id;País;2016;2016', '1;Chile;1;1', '2;Cook, Ilhas;;', '3;Cuba;1;1'));
    expect(table.rows).toHaveLength(3);
    expect([...table.missing]).toEqual([0, 0, 4, 4, 0, 0]);
  });
});

describe('sections', () => {
  it('are told by the control, not by capitals', () => {
    const table = read(
      'processing-americanas',
      file(
        'id\tcontrol\tcultivar\t2023',
        '1\tTINTAS\tTINTAS\t3',
        '2\tti_Bordo\tBordo\t2',
        '3\tti_IAC138022\tIAC 138022\t1',
        '4\tBRANCASEROSADAS\tBRANCAS E ROSADAS\t1',
        '5\tbr_IAC\tIAC\t1',
      ),
    );
    expect(table.rows.map((row) => [row.section, row.isTotal])).toEqual([
      ['TINTAS', true],
      ['TINTAS', false],
      ['TINTAS', false],
      ['BRANCAS E ROSADAS', true],
      ['BRANCAS E ROSADAS', false],
    ]);
    expect(table.warnings).toEqual([]);
  });

  it('without rows below them are figures of their own, and no totals', () => {
    const table = read(
      'commercialization',
      file(
        'id;control;Produto;2023',
        '1;ESPUMANTES ;ESPUMANTES ;2',
        '2;es_Espumante_Moscatel;  Espumante  Moscatel;2',
        '3;VINHO FRIZANTE;VINHO FRIZANTE;5',
        '4;VINHO ORGÂNICO;VINHO ORGÂNICO;6',
      ),
    );
    expect(table.rows.map((row) => [row.section, row.name, row.isTotal])).toEqual([
      ['ESPUMANTES', 'ESPUMANTES', true],
      ['ESPUMANTES', 'Espumante  Moscatel', false],
      ['VINHO FRIZANTE', 'VINHO FRIZANTE', false],
      ['VINHO ORGÂNICO', 'VINHO ORGÂNICO', false],
    ]);
  });

  it('may have no control at all, with a warning', () => {
    const table = read(
      'commercialization',
      file(
        'id;control;Produto;2023',
        '25;SUCO;SUCO;1',
        '26;;OUTROS PRODUTOS COMERCIALIZADOS;5',
        '27;ou_Agrin;  Agrin;5',
        '28;;  Cooler;0',
      ),
    );
    expect(table.rows.map((row) => [row.section, row.isTotal])).toEqual([
      ['SUCO', false],
      ['OUTROS PRODUTOS COMERCIALIZADOS', true],
      ['OUTROS PRODUTOS COMERCIALIZADOS', false],
      ['OUTROS PRODUTOS COMERCIALIZADOS', false],
    ]);
    expect(warningsOf(table)).toEqual(['missing_control 3:2', 'missing_control 5:2']);
  });

  it('are told by the place of a row, whatever its prefix says', () => {
    const table = read(
      'commercialization',
      file(
        'id;control;Produto;2023',
        '1;VINHO DE MESA;VINHO DE MESA;1',
        '2;vm_Tinto;  Tinto;1',
        '3;VINHO  FINO DE MESA;VINHO  FINO DE MESA;2',
        '4;vm_Tinto;  Tinto;2',
      ),
    );
    expect(table.rows[3]).toMatchObject({ section: 'VINHO  FINO DE MESA', name: 'Tinto', control: 'vm_Tinto' });
    expect(warningsOf(table)).toEqual(['duplicate_control 5:2']);
  });

  it('may not be there: one row stands for the whole file', () => {
    const table = read('processing-semclass', file('id\tcontrol\tcultivar\t2023', '1\tsc\tSem classificação\t3675463'));
    expect(table.rows).toEqual([
      {
        number: 1,
        line: 2,
        section: null,
        control: 'sc',
        label: 'Sem classificação',
        name: 'Sem classificação',
        footnote: null,
        cells: { id: '1', control: 'sc', name: 'Sem classificação' },
        country: null,
        isTotal: false,
      },
    ]);
    expect(table.warnings).toEqual([]);
  });
});

describe('rows', () => {
  it('may have an id twice, or out of order', () => {
    const table = read(
      'processing-americanas',
      file(
        'id\tcontrol\tcultivar\t2023',
        '10\tti_BRSMorena\tBRS Morena\t1',
        '29\tti_BRS Núbia \tBRS Núbia \t2',
        '11\tti_A\tA\t3',
        '29\tti_Oberlin\tOberlin\t4',
      ),
    );
    expect([...table.values]).toEqual([1, 2, 3, 4]);
    expect(table.rows.map((row) => row.number)).toEqual([1, 2, 3, 4]);
    expect(warningsOf(table)).toEqual(['duplicate_id 5:1']);
  });

  it('have names with blanks around them and footnote marks behind them', () => {
    const names = [
      '  Tinto',
      ' Alphonse Lavallee',
      'Saperavi ',
      'Cynthiana(1)',
      'Outras(2)',
      'Seibel 2 (seibeleto)',
      'Seyve Villard 5276',
    ];
    const table = read(
      'processing-viniferas',
      file('id;control;cultivar;2023', ...names.map((name, index) => `${index};ti_${name};${name};1`)),
    );
    expect(table.rows.map((row) => [row.name, row.footnote])).toEqual([
      ['Tinto', null],
      ['Alphonse Lavallee', null],
      ['Saperavi', null],
      ['Cynthiana', '1'],
      ['Outras', '2'],
      ['Seibel 2 (seibeleto)', null],
      ['Seyve Villard 5276', null],
    ]);
  });

  it('are kept for every country, however it is spelt, twice too', () => {
    const table = read(
      'import-wine',
      file(
        'Id;País;2023;2023',
        '1;China;1;1',
        '2;China Continental;1;1',
        '3;Brasil;1;1',
        '4;Não declarados;1;1',
        '5;China;2;2',
      ),
    );
    expect(table.rows.map((row) => row.country)).toEqual([
      'China',
      'China Continental',
      'Brasil',
      'Não declarados',
      'China',
    ]);
    expect(table.rows.every((row) => row.section === null && !row.isTotal)).toBe(true);
    expect(warningsOf(table)).toEqual(['duplicate_name 6:2']);
  });

  it('that are the total of all countries are totals and no country', () => {
    const table = read('import-wine', file('Id;País;2023;2023', '1;Chile;1;1', '2;Total;1;1'));
    expect(table.rows[1]).toMatchObject({ isTotal: true, country: null });
    expect(warningsOf(table)).toEqual(['total_row 3:2']);
  });

  it('without a name are left out, with a warning', () => {
    const table = read('import-wine', file('Id;País;2023;2023', '1;;5;5', '2;Chile;1;1'));
    expect(table.rows.map((row) => row.name)).toEqual(['Chile']);
    expect(warningsOf(table)).toEqual(['missing_name 2:2']);
  });

  it('that are shorter than the others lack their last figures', () => {
    const table = read('import-wine', file('Id;País;2022;2022;2023;2023', '1;Chile;1;2', '2;Cuba;1;2;3;4'));
    expect([figure(table, 0, 2022, 'value'), figure(table, 0, 2023)]).toEqual([2, null]);
    expect(warningsOf(table)).toEqual(['short_row 2:5']);
  });

  it('that are longer than the header have no figure that could be placed', () => {
    const table = read('import-wine', file('Id;País;2023;2023', '1;Rússia; Federação da;1;2', '2;Cuba;3;4'));
    expect([...table.values]).toEqual([Number.NaN, Number.NaN, 3, 4]);
    expect(warningsOf(table)).toEqual(['misaligned_row 2:5']);
  });
});
