import { ServiceError } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { file, read, warningsOf } from '../support/files.ts';

const header = 'id;control;produto;2021;2022;2023';
const rows = ['1;SUCO;SUCO;30;40;50', '2;su_A;A;20;30;30', '3;su_B;B;10;10;20'];
const good = file(header, ...rows);

/** The reason for which a text is refused, or undefined. */
const reason = (text: string | Uint8Array, previous?: { rows: number; lastYear: number }) => {
  try {
    read('production', text, previous);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    expect([error.status, error.code]).toEqual([502, 'wine.unusable_file']);
    expect(error.message).toContain('Producao.csv');
    return error.details.reason;
  }
  return undefined;
};

describe('a file that cannot be used', () => {
  it('is a web page, whatever is before its first tag', () => {
    expect(reason('<!DOCTYPE html><html><body>1970;1971</body></html>')).toBe('html_page');
    expect(reason('\ufeff\n  <html>')).toBe('html_page');
  });

  it('is empty', () => {
    expect(reason('')).toBe('empty');
    expect(reason('\n \n')).toBe('empty');
    expect(reason(';;;\n;;\n')).toBe('empty');
  });

  it('is no text', () => {
    expect(reason(Buffer.from([80, 75, 3, 4, 0, 0, 1, 2]))).toBe('not_text');
    expect(reason(Buffer.from(good, 'utf16le'))).toBe('not_text');
  });

  it('has no year columns', () => {
    expect(reason('{"error": "maintenance"}')).toBe('no_year_columns');
    expect(reason(file('id;control;produto;a;b', '1;SUCO;SUCO;1;2'))).toBe('no_year_columns');
    expect(reason(file('id;control;produto;2021_q;2021_v', '1;SUCO;SUCO;1;2'))).toBe('no_year_columns');
    expect(reason(file('1;SUCO;SUCO;1;2'))).toBe('no_year_columns');
    expect(reason(file('1;2;3;4'))).toBe('no_year_columns');
    expect(() => read('import-wine', file('Id;País;2021;2022', '1;Chile;1;2'))).toThrow(/2 columns for any year/);
  });

  it('has no column of names', () => {
    expect(reason(file('id;2021;2022', '1;1;2'))).toBe('no_name_column');
  });

  it('has no rows', () => {
    expect(reason(file(header))).toBe('no_rows');
    expect(reason(header)).toBe('no_rows');
    expect(reason(file(header, '1;SUCO;;1;1;1'))).toBe('no_rows');
  });

  it('has rows that are nothing like its header', () => {
    expect(reason(file(header, ...rows).replace(header, header.replaceAll(';', '\t')))).toBe('rows_unlike_header');
  });

  it('is cut short, wherever the cut is inside a row', () => {
    const lastRow = good.lastIndexOf('\n', good.length - 2) + 1;
    const lastCell = good.lastIndexOf(';');
    for (let end = header.length + 1; end <= lastCell; end++) {
      const atRowStart = good[end - 1] === '\n' || good[end] === '\n';
      const inLastCell = !atRowStart && good.slice(end).split('\n')[0]?.includes(';') === false;
      if (!atRowStart && !inLastCell) expect([end, reason(good.slice(0, end))]).toEqual([end, 'cut_short']);
    }
    expect(reason(`${good.slice(0, lastRow)}3;su_B`)).toBe('cut_short');
    expect(reason(`${good.slice(0, lastRow)}3;su_B;B;10\n`)).toBe('cut_short');
    expect(reason('id;control;produto;2021;2022\n1;sc;Sem;1')).toBe('cut_short');
  });

  it('is cut short inside the last cell of a row, as the rows before tell', () => {
    expect(reason(`${header}\n${rows[0]}\n2;su_A;A;20;30;3`, { rows: 3, lastYear: 2023 })).toBe('cut_short');
  });
});

describe('a file that looks worse than the one before', () => {
  it('is used with a warning when it only does not end its last line', () => {
    expect(warningsOf(read('production', good.trimEnd(), { rows: 3, lastYear: 2023 }))).toEqual([
      'no_final_newline 4:1',
    ]);
  });

  it('is used with a warning when it has far fewer rows, or ends in an earlier year', () => {
    expect(warningsOf(read('production', good, { rows: 10, lastYear: 2023 }))).toEqual(['fewer_rows 4:1']);
    expect(warningsOf(read('production', good, { rows: 3, lastYear: 2024 }))).toEqual(['fewer_years 1:1']);
    expect(warningsOf(read('production', good, { rows: 3, lastYear: 2022 }))).toEqual([]);
  });

  it('never fills the memory with warnings', () => {
    const hostile = file(header, ...Array.from({ length: 3000 }, (_, index) => `${index};su_${index};A;x;y;z`));
    const { warnings } = read('production', hostile);
    expect([warnings.length, warnings.at(-1)?.code]).toEqual([2001, 'more_warnings']);
  });
});
