import { describe, expect, it } from 'vitest';
import { legacyJson } from '../../src/legacy/json.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

describe('the body of the existing addresses', () => {
  it('has the trimmed names in file order, each with one object per row of that name', () => {
    const table = read(
      'commercialization',
      file(
        'id;control;Produto;1970;1971',
        '1;VINHO DE MESA;VINHO DE MESA;3;4',
        '2;vm_Tinto;  Tinto;3;4',
        '3;ESPUMANTES ;ESPUMANTES ;5;nd',
        '4;es_A;  Cynthiana(1);1,5;',
        '5;vm_Tinto;  Tinto;0;*',
      ),
    );
    expect(legacyJson(table)).toBe(
      '{"VINHO DE MESA":[{"1970":3,"1971":4}],"Tinto":[{"1970":3,"1971":4},{"1970":0,"1971":null}],' +
        '"ESPUMANTES":[{"1970":5,"1971":null}],"Cynthiana(1)":[{"1970":1.5,"1971":null}]}',
    );
  });

  it('names the second column of a year as pandas does, and the labels that are wrong as the header has them', () => {
    const table = read('import-wine', file('Id;País;2020;2020;2021;2021;2021;2021', '1;Chile;1;2;3;4;5;6'));
    expect(legacyJson(table)).toBe('{"Chile":[{"2020":1,"2020.1":2,"2021":3,"2021.1":4,"2021.2":5,"2021.3":6}]}');
  });

  it('keeps the order where a name looks like a number, and any other name', () => {
    const table = read(
      'import-wine',
      file('Id;País;2020;2020', '1;Chile;1;2', '2;7;1;2', '3;__proto__;1;2', '4;a"b\\;1;2'),
    );
    expect(Object.keys(JSON.parse(legacyJson(table)))).toHaveLength(4);
    expect(legacyJson(table)).toMatch(/^\{"Chile":.*"7":.*"__proto__":.*"a\\"b\\\\":/);
  });

  it.skipIf(vintages.length === 0)('is the one that is quoted, for the real file of May 2025', () => {
    const text = legacyJson(read('production', realFile(vintages[0]?.folder ?? '', 'Producao.csv')));
    expect(text).toContain('"DERIVADOS":[{"1970":14164329,"1971":13280518,');
    expect(JSON.parse(text).Tinto).toHaveLength(2);
  });
});
