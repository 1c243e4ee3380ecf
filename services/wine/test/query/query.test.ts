import type { ServiceError, WineFilter } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/query/cursor.ts';
import { figureColumns, figures } from '../../src/query/figures.ts';
import { select, sizeOf } from '../../src/query/select.ts';
import { toCsv, toJsonPage, toNdjson } from '../../src/query/text.ts';
import { file, read } from '../support/files.ts';

const table = read(
  'commercialization',
  file(
    'id;control;Produto;2022;2023',
    '1;VINHO  FINO DE MESA;VINHO  FINO DE MESA;3;4',
    '2;vm_Tinto;  Tinto;1;2',
    '3;ou_Agrin;  Agrin (fermentado, acetico misto);2;nd',
    '4;VINHO ORGÂNICO;VINHO ORGÂNICO;9;9',
  ),
);
const trade = read('import-wine', file('Id;País;2022;2022;2023;2023', '1;Áustria;1;2;3;4', '2;Chile;5;6;7;8'));
const germanies = read(
  'export-wine',
  file('Id;País;2022;2022', '1;Alemanha;1;2', '2;Alemanha, República Democrática;3;4', '3;Chile;5;6'),
);
const found = (of: typeof table, filter: WineFilter) =>
  [...figures(of, select(of, filter))].map(({ name, year, value }) => `${name} ${year} ${value}`);

describe('a filter', () => {
  it('finds sections, names and countries without regard to case, accents and blanks', () => {
    expect(found(table, { section: 'vinho fino de mesa', name: 'TINTO' })).toEqual(['Tinto 2022 1', 'Tinto 2023 2']);
    expect(found(table, { section: 'Vinho organico', year_to: 2022 })).toEqual(['VINHO ORGÂNICO 2022 9']);
    expect(found(trade, { country: 'austria', measure: 'value' })).toEqual(['Áustria 2022 2', 'Áustria 2023 4']);
  });

  it('takes several names, also such as hold commas, and any name or code of a country', () => {
    const names = (country: string) =>
      found(germanies, { country, measure: 'quantity' }).map((text) => text.split(' 2022')[0]);
    expect(names('Alemanha')).toEqual(['Alemanha', 'Alemanha, República Democrática']);
    expect(names('alemanha, republica democratica,CL')).toEqual([
      'Alemanha',
      'Alemanha, República Democrática',
      'Chile',
    ]);
    expect(names('deu,chl')).toEqual(names('Germany,Chile'));
    expect(found(table, { name: 'Tinto,Agrin (fermentado, acetico misto)', year_from: 2023 })).toHaveLength(2);
  });

  it('says what is near where nothing has a name', () => {
    const refused = (of: typeof table, filter: WineFilter) => {
      try {
        found(of, filter);
      } catch (error) {
        return (error as ServiceError).toBody();
      }
      return undefined;
    };
    expect(refused(trade, { country: 'Chille' })).toMatchObject({
      status_code: 404,
      code: 'wine.no_match',
      details: { parameter: 'country', value: 'Chille', nearest: ['Chile'] },
    });
    expect(refused(trade, { country: 'Chile,Peru' })).toMatchObject({ details: { value: 'Peru' } });
    expect(refused(table, { section: 'fino', name: 'Tinto' })).toMatchObject({
      details: { nearest: ['VINHO  FINO DE MESA'] },
    });
    expect(refused(table, { name: 'tino' })?.error).toContain('Did you mean "Tinto"?');
  });

  it('takes totals in, leaves them out or takes only them', () => {
    const names = (totals: 'include' | 'exclude' | 'only') =>
      found(table, { totals, year_from: 2023 }).map((text) => text.split(' ')[0]);
    expect(names('include')).toHaveLength(4);
    expect(names('exclude')).toEqual(['Tinto', 'Agrin', 'VINHO']);
    expect(names('only')).toEqual(['VINHO']);
  });

  it('refuses years that are upside down', () => {
    expect(() => select(table, { year_from: 2023, year_to: 2022 })).toThrow(/2023.*2022/);
  });
});

describe('pages', () => {
  it('put together are the whole, each figure once', () => {
    const selection = select(trade, {});
    const whole = [...figures(trade, selection)];
    expect(whole).toHaveLength(sizeOf(selection));
    const pages = [0, 3, 6].flatMap((offset) => [...figures(trade, selection, offset, 3)]);
    expect(pages).toEqual(whole);
  });

  it('have cursors that fit the same data and filter only', () => {
    const cursor = encodeCursor({ version: 'a:1', offset: 30 });
    expect(decodeCursor(cursor, 'a:1')).toBe(30);
    expect(decodeCursor(undefined, 'a:1')).toBe(0);
    expect(() => decodeCursor(cursor, 'b')).toThrow(expect.objectContaining({ status: 410 }));
    for (const wrong of ['', 'x', '%00', Buffer.from('-5:a:1').toString('base64url')]) {
      expect(() => decodeCursor(wrong, 'a:1')).toThrow(expect.objectContaining({ status: 400 }));
    }
  });
});

describe('text formats', () => {
  const some = () => figures(table, select(table, { name: 'Agrin (fermentado, acetico misto)' }));

  it('say the same', () => {
    const expected = {
      series: 'commercialization',
      row_number: 3,
      section: 'VINHO  FINO DE MESA',
      control: 'ou_Agrin',
      name: 'Agrin (fermentado, acetico misto)',
      footnote: null,
      country: null,
      year: 2022,
      measure: 'quantity',
      value: 2,
      unit: 'L',
      missing_reason: null,
      is_total: false,
    };
    const page = JSON.parse(toJsonPage(some(), 2, 'next'));
    expect([page.items[0], page.total, page.next_cursor]).toEqual([expected, 2, 'next']);
    expect(page.items[1]).toMatchObject({ value: null, missing_reason: 'not_available' });
    expect(
      toNdjson(some())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(page.items);
    expect(toCsv(figureColumns, some())).toBe(
      'series,row_number,section,control,name,footnote,country,year,measure,value,unit,missing_reason,is_total\n' +
        'commercialization,3,VINHO  FINO DE MESA,ou_Agrin,"Agrin (fermentado, acetico misto)",,,2022,quantity,2,L,,false\n' +
        'commercialization,3,VINHO  FINO DE MESA,ou_Agrin,"Agrin (fermentado, acetico misto)",,,2023,quantity,,L,not_available,false\n',
    );
  });
});
