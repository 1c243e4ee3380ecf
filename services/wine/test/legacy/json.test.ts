import { describe, expect, it } from 'vitest';
import { originalText } from '../../../../tools/original-rule.ts';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { legacyJson } from '../../src/legacy/json.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

const sales = read(
  'commercialization',
  file(
    'id;control;Produto;1970;1971',
    '1;VINHO DE MESA;VINHO DE MESA;3;4',
    '2;vm_Tinto;  Tinto;3;4',
    '3;ESPUMANTES ;ESPUMANTES ;5;nd',
    '4;es_A;  Cynthiana(1);1,5;',
    '5;;OUTROS PRODUTOS;0;*',
    '6;ou_A;  A;0;+',
  ),
);

describe('the body of the existing addresses', () => {
  it('is an object of sections where controls are in capitals, with the rows as the file has them', () => {
    expect(legacyJson(sales)).toBe(
      '{"VINHO DE MESA":[{"id":1,"Produto":"VINHO DE MESA","1970":3,"1971":4},{"id":2,"Produto":"  Tinto","1970":3,"1971":4}],' +
        '"ESPUMANTES ":[{"id":3,"Produto":"ESPUMANTES ","1970":5,"1971":null},{"id":4,"Produto":"  Cynthiana(1)","1970":1.5,"1971":0},' +
        '{"id":5,"Produto":"OUTROS PRODUTOS","1970":0,"1971":null},{"id":6,"Produto":"  A","1970":0,"1971":null}]}',
    );
  });

  it('has null for a blank where that is asked for', () => {
    expect(legacyJson(sales, null)).toContain('"Produto":"  Cynthiana(1)","1970":1.5,"1971":null}');
  });

  it('is a list of rows where no control is in capitals, with the control', () => {
    const table = read('processing-semclass', file('id\tcontrol\tcultivar\t1970', '1\tsc\tSem classificação\t7'));
    expect(legacyJson(table)).toBe('[{"id":1,"control":"sc","cultivar":"Sem classificação","1970":7}]');
  });

  it('names the second column of a year as pandas does, and the labels that are wrong as the header has them', () => {
    const table = read('import-wine', file('Id;País;2020;2020;2021;2021;2021;2021', '1;Chile;1;2;3;4;5;6'));
    expect(legacyJson(table)).toBe(
      '[{"Id":1,"País":"Chile","2020":1,"2020.1":2,"2021":3,"2021.1":4,"2021.2":5,"2021.3":6}]',
    );
  });

  it('writes any name as it is', () => {
    const table = read('import-wine', file('Id;País;2020;2020', 'x;__proto__;1;2', '4;a"b\\;1;2'));
    expect(legacyJson(table)).toMatch(/^\[\{"Id":"x","País":"__proto__".*"País":"a\\"b\\\\"/);
  });

  it.skipIf(vintages.length === 0)('has the sections of the real files', () => {
    const counts = (text: string) => Object.entries(JSON.parse(text)).map(([key, rows]) => [key, (rows as []).length]);
    const real = (id: 'production' | 'commercialization', name: string) =>
      counts(legacyJson(read(id, realFile(vintages[0]?.folder ?? '', name))));
    expect(real('production', 'Producao.csv').map(([, rows]) => rows)).toEqual([4, 4, 6, 37]);
    const sections = real('commercialization', 'Comercio.csv');
    expect(sections.map(([, rows]) => rows)).toEqual([4, 4, 1, 1, 4, 4, 6, 38]);
    expect(sections.map(([key]) => key)).toContain('ESPUMANTES ');
  });
});

describe.skipIf(vintages.length === 0)('the bodies of the original program', () => {
  it.each(vintages)('of $name: all fifteen are ours, keys in the order of the file', ({ folder }) => {
    for (const series of catalogue) {
      const bytes = realFile(folder, series.file);
      expect([series.id, legacyJson(read(series.id, bytes))]).toEqual([series.id, originalText(bytes.toString())]);
    }
  });
});
