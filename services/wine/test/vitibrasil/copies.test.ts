import { describe, expect, it } from 'vitest';
import { figure, file, read, warningsOf } from '../support/files.ts';

const windows1252 = (text: string) => Buffer.from(text, 'latin1');

describe('a copy that somebody edited', () => {
  it('is read with commas between its cells, as long as those in names are quoted', () => {
    const text = file('id,control,produto,1970,1971', '1,SUCO,SUCO,3,4', '2,su_A,"A, puro",3,"4,5"');
    const table = read('production', text);
    expect(table.rows[1]?.name).toBe('A, puro');
    expect(figure(table, 1, 1971)).toBe(4.5);
    expect(warningsOf(table)[0]).toBe('comma_delimited 1:1');
    const stray = file('Id,País,1970,1970', '1,Alemanha, República Democrática,3,4', '2,Chile,1,2');
    expect(() => read('import-wine', stray)).toThrow(/commas, and line 2/);
  });

  it.each([['1970_q;1970_v;1971_q;1971_v'], ['QTD-1970;VALOR-1970;QTD-1971;VALOR-1971'], ['1970;1970.1;1971;1971.1']])(
    'is read with the labels %s',
    (labels) => {
      const table = read('import-wine', file(`Id;País;${labels}`, '1;Chile;1;2;3;4'));
      expect([figure(table, 0, 1970), figure(table, 0, 1971, 'value')]).toEqual([1, 4]);
      expect(table.columns.map(({ label }) => label)).toEqual(['1970', '1970', '1971', '1971']);
    },
  );

  it('is read by its labels, not by their order', () => {
    const table = read('import-wine', file('Id;País;1970_v;1970_q', '1;Chile;1;2'));
    expect([figure(table, 0, 1970), figure(table, 0, 1970, 'value')]).toEqual([2, 1]);
  });

  it('is read cell by cell where it has two encodings', () => {
    const line = (text: string) => Buffer.concat([Buffer.from(text), windows1252(`;${text}`), Buffer.from(';1;2\n')]);
    const bytes = Buffer.concat([
      windows1252('Id;País;Regra_País;1970;1970\n'),
      Buffer.from('1;'),
      line('Bélgica'),
      Buffer.from('2;'),
      line('Japão'),
    ]);
    const table = read('export-wine', bytes);
    expect(table.rows.map(({ country }) => country)).toEqual(['Bélgica', 'Japão']);
    expect(table.labels.name).toBe('País');
    expect(warningsOf(table)).toContain('mixed_encodings 1:1');
  });
});
