import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const { read, rows, render } = await useEngine();

const codesOf = ({ warnings }: { warnings: { code: string }[] }) =>
  [...new Set(warnings.map(({ code }) => code))].sort();
const column = (header: string, values: readonly string[], delimiter = ',') =>
  `${header}${delimiter}n\n${values.map((value, index) => `${value}${delimiter}${index}`).join('\n')}\n`;

/** Type of the first column, its values, and the codes of the warnings. */
const typed = async (text: string, options = {}) => {
  const table = await read('a.csv', text, options);
  const name = table.columns[0]?.name ?? '';
  const values = (await rows(table.table)).map((row) => row[name]);
  return { type: table.columns[0]?.type, values, codes: codesOf(table) };
};

describe('a column of text', () => {
  it.each([
    ['integers', ['1', '20', '-3'], 'integer', [1, 20, -3], []],
    ['one scale that ends in 0', ['5.00', '2.50'], 'decimal', [5, 2.5], []],
    ['one scale that does not', ['5.25', '2.75'], 'number', [5.25, 2.75], []],
    ['several scales', ['2.5', '3.75', '4'], 'number', [2.5, 3.75, 4], []],
    ['floats as programs write them', ['22.0', '0.42', '1.0'], 'number', [22, 0.42, 1], []],
    ['versions', ['1.10', '1.9', '2.0'], 'string', ['1.10', '1.9', '2.0'], ['mixed_scales']],
    ['addresses', ['192.168.100.101', '192.168.100.102'], 'string', ['192.168.100.101', '192.168.100.102'], []],
    ['account codes', ['1.100.001', '2.300.010'], 'string', ['1.100.001', '2.300.010'], []],
    ['underscores', ['1_000', '2_000'], 'string', ['1_000', '2_000'], []],
    ['leading zeros', ['01', '12'], 'string', ['01', '12'], []],
    ['exponents', ['1e-05', '2.5'], 'number', [0.00001, 2.5], ['exponents']],
    ['codes with an e', ['1234567', '12e4567', '99999'], 'string', ['1234567', '12e4567', '99999'], []],
    ['codes of one length with an e', ['12345', '12e10', '99999'], 'string', ['12345', '12e10', '99999'], ['codes']],
    ['thousands in quotes', ['"535,064"', '"1,393,600"', '999'], 'integer', [535064, 1393600, 999], ['thousands']],
    ['thousands here and there', ['"535,064"', '1393600'], 'string', ['535,064', '1393600'], ['mixed_groups']],
    ['infinity', ['1.5', 'inf'], 'string', ['1.5', 'inf'], []],
    ['NULL of MySQL', ['2.5', '\\N', '4.5'], 'number', [2.5, null, 4.5], ['missing_words']],
    ['days first', ['31/12/2024', '05/06/2024'], 'date', ['2024-12-31', '2024-06-05'], ['local_dates']],
    ['months first', ['12/31/2024', '05/06/2024'], 'date', ['2024-12-31', '2024-05-06'], ['local_dates']],
    ['days or months first', ['05/06/2024', '07/08/2024'], 'string', ['05/06/2024', '07/08/2024'], ['ambiguous_dates']],
    ['years of two digits', ['05/06/24', '07/08/23'], 'string', ['05/06/24', '07/08/23'], []],
  ])('of %s', async (_, given, type, values, codes) => {
    expect(await typed(column('v', given))).toEqual({ type, values, codes });
  });

  it('of points between three digits is ambiguous where the delimiter is a semicolon, or commas are decimal elsewhere', async () => {
    expect(await typed(column('v', ['1.234', '12.500', '999'], ';'))).toMatchObject({
      type: 'string',
      codes: ['ambiguous_numbers'],
    });
    expect(await typed('v;p\n1.234;2,5\n5.678;3,75\n')).toMatchObject({ type: 'string', codes: ['ambiguous_numbers'] });
    expect(await typed(column('v', ['1.234', '12.500'], ';'), { decimal: ',', thousands: '.' })).toMatchObject({
      values: [1234, 12500],
    });
    expect(await typed(column('v', ['1.234', '12.5'], ';'))).toMatchObject({ values: [1.234, 12.5] });
  });

  it('of money with one word keeps its text and says which row it is, or does as it is told', async () => {
    const money = 'v;n\n1.234,56;a\n2.000,00;b\n7,50;c\n999,00;d\nabc;e\n';
    const table = await read('a.csv', money);
    expect(table.warnings).toEqual([
      {
        code: 'mostly_numbers',
        column: 'v',
        message:
          '4 of 5 values look like numbers with a decimal comma; row 5, "abc", does not, so they are kept as text',
      },
    ]);
    expect((await typed(money, { on_error: 'missing' })).values).toEqual([1234.56, 2000, 7.5, 999, null]);
    await expect(read('a.csv', money, { on_error: 'refuse' })).rejects.toMatchObject({ code: 'datasets.wrong_value' });
  });

  it('is exact where the uploader says its type, or refused with the row', async () => {
    await expect(read('a.csv', column('price', ['1', '2.5']), { types: { price: 'integer' } })).rejects.toMatchObject({
      code: 'datasets.wrong_value',
      details: { row: 2, value: '2.5' },
    });
    await expect(read('a.csv', column('d', ['05/06/24']), { types: { d: 'date' } })).rejects.toMatchObject({
      status: 422,
    });
    expect(await typed(column('d', ['05/06/24']), { date_format: { d: '%d/%m/%y' }, pivot_year: 1970 })).toMatchObject({
      type: 'date',
      values: ['2024-06-05'],
    });
    expect(await typed(column('d', ['05/06/2024']), { date_format: 'day_first' })).toMatchObject({
      values: ['2024-06-05'],
    });
  });

  it('that is written again is what was read', async () => {
    const text = 'whole,mixed,money\n126014,2.5,5.00\n7,4,12.50\n';
    const table = await read('a.csv', text);
    expect(await readFile(await render(table.table, 'csv'), 'utf8')).toBe(text);
  });

  it('of formulas with an apostrophe loses it on the way in, and says so', async () => {
    expect(await typed(column('v', ["'=1+1", "'@ana", 'x']))).toEqual({
      type: 'string',
      values: ['=1+1', '@ana', 'x'],
      codes: ['unescaped_formulas'],
    });
    expect((await typed(column('v', ["'=1+1", '=2+2']))).values).toEqual(["'=1+1", '=2+2']);
    expect((await typed(column('v', ["'=1+1"]), { unescape_formulas: false })).values).toEqual(["'=1+1"]);
  });
});

describe('the place of a table', () => {
  it.each([
    ['a padded preamble', 'Report,,\nMarch,,\n,,\nshop,item,n\nA,x,1\nB,y,2\n', ['shop', 'item', 'n'], 2, ['preamble']],
    ['a preamble', 'Report\n\nshop,item,n\nA,x,1\nB,y,2\n', ['shop', 'item', 'n'], 2, ['preamble']],
    [
      'comments with another delimiter',
      '# a; b; c\n# d; e; f\nday,rain\n2024-01-01,3\n',
      ['day', 'rain'],
      1,
      ['comments'],
    ],
    [
      'a header in the last comment',
      '# station 7\n# year mean unc\n1959 315.9 0.1\n1960 316.9 0.1\n',
      ['year', 'mean', 'unc'],
      2,
      ['comments'],
    ],
    ['units', 'time,speed\ns,m/s\n0.5,1.5\n1.5,2.5\n', ['time', 'speed'], 2, ['units_row']],
    [
      'two header rows',
      'region,2023,,2024,\n,q1,q2,q1,q2\nNorth,1,2,3,4\nSouth,5,6,7,8\n',
      ['region', '2023 q1', '2023 q2', '2024 q1', '2024 q2'],
      2,
      [],
    ],
    [
      'notes',
      'shop,jan,feb\nA,1,2\nB,3,4\n,,\nPrinted today,,\n',
      ['shop', 'jan', 'feb'],
      2,
      ['blank_lines', 'footer'],
    ],
    ['a header that comes again', 'shop,n\nA,1\nshop,n\nB,2\n', ['shop', 'n'], 2, ['repeated_header']],
    ['a name that is blank', ',a,b\n0,1,2\n1,3,4\n', ['column_1', 'a', 'b'], 2, []],
    [
      'a name that is there twice',
      'name,phone,phone\nAna,a1,b1\nRui,a2,b2\n',
      ['name', 'phone', 'phone_2'],
      2,
      ['renamed_column'],
    ],
    ['times without a header', '07:15,gate A\n07:45,gate C\n08:10,gate A\n', ['column_1', 'column_2'], 3, []],
    ['codes without a header', 'AB-1,x\nCD-2,y\nEF-3,x\n', ['column_1', 'column_2'], 3, []],
    [
      'one row too long',
      'd,shop,n\n1/2/24,A,3\n2/2/24,B,5\n,3/2/24,C,4\n4/2/24,D,6\n',
      ['d', 'shop', 'n'],
      4,
      ['ragged_row'],
    ],
    ['spaces behind commas', '"zip", "city", "lat"\n"35004", "Moody", "33.6"\n', ['zip', 'city', 'lat'], 1, []],
    ['colons', 'root:x:0:0\nbin:x:1:1\n', ['column_1', 'column_2', 'column_3', 'column_4'], 2, []],
    ['fixed widths', 'code  city      n\nA1    Alto      12\nB22   Vila Nova 16\n', ['code', 'city', 'n'], 2, []],
    ['the end mark of DOS', 'id,n\r\n1,10\r\n2,20\r\n\u001a', ['id', 'n'], 2, []],
    ['lines that end in CRLF', 'id,n\r\n1,10\r\n2,20\r\n', ['id', 'n'], 2, []],
  ])('is found with %s', async (_, text, names, count, codes) => {
    const table = await read('a.csv', text);
    expect(table.columns.map(({ name }) => name)).toEqual(names);
    expect(table.rows).toBe(count);
    expect(codesOf(table)).toEqual(expect.arrayContaining(codes));
  });

  it('is where the uploader says', async () => {
    const text = 'junk 1\njunk 2\na,b\nx,y\n1,2\n3,4\ntotal,9\n';
    const table = await read('a.csv', text, { skip_rows: 2, header_row: [1, 2], skip_footer: 1, delimiter: ',' });
    expect(table.columns.map(({ name }) => name)).toEqual(['a x', 'b y']);
    expect(await rows(table.table)).toEqual([
      { 'a x': 1, 'b y': 2 },
      { 'a x': 3, 'b y': 4 },
    ]);
    const part = await read('a.csv', 'a,b\n1,2\n3,4\n', { columns: ['b'], rows: 1 });
    expect(await rows(part.table)).toEqual([{ b: 2 }]);
    const fixed = await read('a.txt', 'ab12\ncd34\n', { widths: [2, 2], header_row: 'none' });
    expect(await rows(fixed.table)).toEqual([
      { column_1: 'ab', column_2: 12 },
      { column_1: 'cd', column_2: 34 },
    ]);
  });
});

describe('wide tables', () => {
  it('are no burden: 250 columns of text, and 2,000 of all kinds', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `q${index}`);
    const lines = Array.from({ length: 100 }, (_, row) =>
      names.map((_, index) => `answer ${(row * index) % 7}`).join(','),
    );
    expect((await read('survey.csv', [names.join(','), ...lines].join('\n'))).columns).toHaveLength(250);
    const wide = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    const values = Array.from({ length: 20 }, (_, row) =>
      wide.map((_, index) => (index % 2 === 0 ? row * index : `t${row}`)).join(','),
    );
    const table = await read('wide.csv', [wide.join(','), ...values].join('\n'));
    expect(table.columns.slice(0, 2).map(({ type }) => type)).toEqual(['integer', 'string']);
  });
});
