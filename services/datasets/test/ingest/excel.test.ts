import { describe, expect, it } from 'vitest';
import { meaningOfFormat } from '../../src/ingest/excel/formats.ts';
import { isoToSerial, serialToIso } from '../../src/ingest/excel/serial-date.ts';
import { useEngine } from '../support/engine.ts';
import { workbook, zip } from '../support/workbook.ts';

const { read, rows } = await useEngine();

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'read',
    (error: { status: number; code: string }) => ({ status: error.status, code: error.code }),
  );
const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
// Style 1 is a date, 2 a date with a time, 3 a time of day, 4 shows two decimals.
const styles =
  '<numFmts><numFmt numFmtId="200" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="201" formatCode="&quot;day&quot; 0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="20"/><xf numFmtId="201"/></cellXfs>';

describe('a workbook', () => {
  it('is read with its texts, numbers, truth values, dates and gaps', async () => {
    const bytes = await workbook({
      styles,
      sharedStrings:
        '<si><t>name</t></si><si><r><t>A&amp;n</t></r><r><t>a</t></r><rPh><t>no</t></rPh></si><si><t>line_x000D_</t></si>',
      sheets: {
        people: `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>born</t></is></c>${text('seen')}${text('at')}${text('ok')}${text('n')}${text('d')}</row>
          <row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3" s="1"><v>36526</v></c><c r="D3" s="2"><v>36526.5</v></c><c r="E3" s="3"><v>0.25</v></c><c r="F3" t="b"><v>1</v></c><c r="G3"><v>1.5</v></c><c r="H3" s="4"><v>2</v></c></row>
          <row r="5"><c r="B5" t="s"><v>2</v></c><c r="G5"><v>2</v></c></row>`,
      },
    });
    const table = await read('people.xlsx', bytes);
    expect(table.columns).toEqual([
      { name: 'name', type: 'string' },
      { name: 'born', type: 'date' },
      { name: 'seen', type: 'datetime' },
      { name: 'at', type: 'time' },
      { name: 'ok', type: 'boolean' },
      { name: 'n', type: 'number' },
      { name: 'd', type: 'number' },
    ]);
    expect(await rows(table.table)).toEqual([
      { name: 'A&na', born: '2000-01-01', seen: '2000-01-01T12:00:00', at: '06:00:00', ok: true, n: 1.5, d: 2 },
      { name: 'line\r', born: null, seen: null, at: null, ok: null, n: 2, d: null },
    ]);
    expect(table.warnings).toMatchObject([{ code: 'blank_lines' }]);
    expect(table.dialect).toMatchObject({ header: true, sheet: 'people', date_system: 1900 });
  });

  it('counts its days from 1904 where it says so', async () => {
    const bytes = await workbook({
      date1904: true,
      styles,
      sheets: { a: `<row>${text('day')}</row><row><c s="1"><v>0</v></c></row>` },
    });
    expect(await rows((await read('a.xlsx', bytes)).table)).toEqual([{ day: '1904-01-01' }]);
  });

  it('holds errors as missing values, each reported with its cell', async () => {
    const bytes = await workbook({
      sheets: { a: `<row>${text('x')}</row><row><c t="e"><v>#DIV/0!</v></c></row><row><c><v>1</v></c></row>` },
    });
    const table = await read('a.xlsx', bytes);
    expect(await rows(table.table)).toEqual([{ x: null }, { x: 1 }]);
    expect(table.warnings).toEqual([
      { code: 'error_value', line: 2, message: 'Cell A2 holds the error #DIV/0!; it was read as missing' },
    ]);
  });

  it('has sheets, chosen by name or number; the first with cells otherwise', async () => {
    const bytes = await workbook({
      sheets: {
        empty: '',
        one: `<row>${text('a')}</row><row><c><v>1</v></c></row>`,
        two: `<row>${text('b')}</row><row><c><v>2</v></c></row>`,
      },
    });
    const first = await read('a.xlsx', bytes);
    expect(first.dialect.sheet).toBe('one');
    expect(first.warnings).toMatchObject([{ code: 'other_sheets' }]);
    expect((await read('a.xlsx', bytes, { sheet: 'two' })).columns).toEqual([{ name: 'b', type: 'integer' }]);
    expect((await read('a.xlsx', bytes, { sheet: '2' })).dialect.sheet).toBe('two');
    expect(await refusal(read('a.xlsx', bytes, { sheet: 'three' }))).toEqual({
      status: 422,
      code: 'datasets.unknown_sheet',
    });
  });

  it('without a row of names gets numbered columns', async () => {
    const bytes = await workbook({ sheets: { a: '<row><c><v>1</v></c><c><v>2</v></c></row>' } });
    expect(await rows((await read('a.xlsx', bytes)).table)).toEqual([{ column_1: 1, column_2: 2 }]);
  });
});

describe('what is no readable workbook is refused, saying what it is', () => {
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);

  it.each([
    ['an old workbook', 'a.xls', compound, 415, 'datasets.old_workbook'],
    [
      'one behind a password',
      'a.xlsx',
      Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]),
      422,
      'datasets.encrypted',
    ],
    ['text that says it is one', 'a.xlsx', Buffer.from('a,b\n1,2\n'), 415, 'datasets.wrong_type'],
    ['a cut archive', 'a.xlsx', Buffer.from('PK\u0003\u0004 and nothing more'), 422, 'datasets.damaged_workbook'],
  ])('%s', async (_, name, bytes, status, code) => {
    expect(await refusal(read(name, bytes))).toEqual({ status, code });
  });

  it('another archive, an OpenDocument sheet, a document', async () => {
    expect(await refusal(read('a.zip', await zip({ 'a.txt': 'x' })))).toEqual({
      status: 415,
      code: 'datasets.not_a_workbook',
    });
    const document = await zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<document/>' });
    expect(await refusal(read('a.xlsx', document))).toEqual({ status: 415, code: 'datasets.not_a_workbook' });
  });

  it('entities and broken XML', async () => {
    const bomb = await zip({
      '[Content_Types].xml': '<Types/>',
      'xl/workbook.xml': '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>',
    });
    expect(await refusal(read('a.xlsx', bomb))).toEqual({ status: 422, code: 'datasets.damaged_workbook' });
    const broken = await workbook({ sheets: { a: '<row><c></row>' } });
    expect(await refusal(read('a.xlsx', broken))).toEqual({ status: 422, code: 'datasets.damaged_workbook' });
  });

  it('a bomb, before it is expanded', async () => {
    const bomb = await zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': Buffer.alloc(200 * 2 ** 20, ' ') });
    expect(bomb.length).toBeLessThan(2 ** 20);
    expect(await refusal(read('a.xlsx', bomb))).toEqual({ status: 413, code: 'datasets.expands_too_far' });
  });
});

describe('serial numbers of days', () => {
  it('skip the 29 February that 1900 did not have', () => {
    expect(serialToIso(1, false)).toBe('1900-01-01T00:00:00.000');
    expect(serialToIso(59, false)).toBe('1900-02-28T00:00:00.000');
    expect(serialToIso(60, false)).toBeUndefined();
    expect(serialToIso(61, false)).toBe('1900-03-01T00:00:00.000');
    expect(serialToIso(-1, false)).toBeUndefined();
  });

  it('go there and back', () => {
    for (const iso of ['1900-03-01', '2024-02-29', '9999-12-31']) {
      expect(serialToIso(isoToSerial(iso) ?? 0, false)?.slice(0, 10)).toBe(iso);
    }
    expect(isoToSerial('1900-02-28')).toBeUndefined();
  });
});

describe('formats of cells', () => {
  it.each([
    ['yyyy-mm-dd', 'date'],
    ['d/m/yy h:mm', 'datetime'],
    ['h:mm AM/PM', 'time'],
    ['mm:ss', 'time'],
    ['[h]:mm', 'number'],
    ['"day" 0', 'number'],
    ['0.00', 'decimal-number'],
    ['General', 'number'],
    ['[Red]0.0%', 'number'],
    ['mmmm', 'date'],
  ])('%s is a %s', (code, meaning) => {
    expect(meaningOfFormat(code)).toBe(meaning);
  });
});

describe('the place of a table', () => {
  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const number = (value: number) => `<c><v>${value}</v></c>`;
  const sheet = async (cells: string) => read('a.xlsx', await workbook({ sheets: { One: cells } }));

  it('is found under a title, above a note, with names in two rows', async () => {
    const table = await sheet(
      `<row r="1">${text('Sales of the year')}</row><row r="3">${text('item')}${text('2023')}${text('2023')}</row><row r="4"><c/>${text('q1')}${text('q2')}</row>
       <row r="5">${text('a')}${number(1)}${number(2)}</row><row r="6">${text('b')}${number(3)}${number(4)}</row><row r="8">${text('Source: own')}</row>`,
    );
    expect(table.columns.map(({ name }) => name)).toEqual(['item', '2023 q1', '2023 q2']);
    expect(table.rows).toBe(2);
    expect(table.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['preamble', 'footer']));
  });

  it('is a whole sheet of errors too, and a formula without a value is said', async () => {
    expect(
      (await sheet('<row r="1"><c t="e"><v>#REF!</v></c></row><row r="2"><c t="e"><v>#N/A</v></c></row>')).rows,
    ).toBe(2);
    const table = await sheet(
      `<row r="1">${text('a')}${text('sum')}</row><row r="2">${number(1)}<c><f>A2</f></c></row>`,
    );
    expect(table.warnings).toMatchObject([{ code: 'formula_without_value', line: 2 }]);
  });

  it('has days from 1904 whatever an extension repeats', async () => {
    const table = await read(
      'a.xlsx',
      await workbook({
        date1904: true,
        sheets: { One: `<row r="1">${text('d')}</row><row r="2"><c s="0"><v>1</v></c></row>` },
        styles:
          '<cellXfs><xf numFmtId="14"/></cellXfs><extLst xmlns:x14="urn:other"><x14:cellXfs><x14:xf numFmtId="0"/></x14:cellXfs></extLst>',
      }),
    );
    expect(await rows(table.table)).toEqual([{ d: '1904-01-02' }]);
  });
});
