import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';
import { hostileFiles } from '../support/hostile.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const { read, readFile: ingest, rows } = await useEngine({ rowBytes: 100_000, columns: 60 });

const typesOf = ({ columns }: { columns: { type: string }[] }) => columns.map(({ type }) => type);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'read',
    (error: { status: number; code: string; details: object }) => ({
      status: error.status,
      code: error.code,
      ...error.details,
    }),
  );

describe('encoding', () => {
  const text = 'name;city\nJosé;São Paulo\n';
  const expected = [{ name: 'José', city: 'São Paulo' }];

  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['latin-1', Buffer.from(text, 'latin1')],
  ])('%s is recognized', async (encoding, bytes) => {
    const table = await read('cities.csv', bytes);
    expect(table.dialect.encoding).toBe(encoding);
    expect(await rows(table.table)).toEqual(expected);
  });

  it('is Windows-1252 where places are used that ISO-8859-1 has no characters in', async () => {
    const table = await read('prices.csv', Buffer.from('item;price\nbread;3 \x80\n', 'latin1'));
    expect(table.dialect.encoding).toBe('windows-1252');
    expect(await rows(table.table)).toEqual([{ item: 'bread', price: '3 €' }]);
  });

  it('is decided on the whole file: one byte at its end is enough', async () => {
    const lines = 'text,number\n'.concat('plain,1\n'.repeat(300_000));
    const table = await read('late.csv', Buffer.concat([Buffer.from(lines), Buffer.from('\xe9t\xe9,2\n', 'latin1')]));
    expect(table.dialect.encoding).toBe('latin-1');
    expect(table.rows).toBe(300_001);
  });

  it('can be said by the uploader, and must be true', async () => {
    const bytes = Buffer.from(text, 'latin1');
    expect((await read('a.csv', bytes, { encoding: 'windows-1252' })).dialect.encoding).toBe('windows-1252');
    expect(await refusal(read('a.csv', bytes, { encoding: 'utf-8' }))).toMatchObject({
      code: 'datasets.wrong_encoding',
    });
  });

  it('of binary content is none: it is refused as no text', async () => {
    expect(await refusal(read('a.csv', Buffer.from([1, 0, 2, 3, 0, 0, 7, 44])))).toMatchObject({ status: 415 });
  });
});

describe('dialect', () => {
  it.each([
    [',', 'a,b\n1,x\n2,y\n'],
    [';', 'a;b\n1;x,y\n2;z\n'],
    ['\t', 'a\tb\n1\tx y\n2\tz\n'],
    ['|', 'a|b\n1|x\n2|y\n'],
  ])('the delimiter %j is found', async (delimiter, text) => {
    const table = await read('a.txt', text);
    expect(table.dialect.delimiter).toBe(delimiter);
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('apostrophes are quotes where they are used as such throughout', async () => {
    const table = await read('a.csv', "id,text\n1,'one, two'\n2,'it''s'\n");
    expect(table.dialect.quote).toBe("'");
    expect(await rows(table.table)).toEqual([
      { id: 1, text: 'one, two' },
      { id: 2, text: "it's" },
    ]);
  });

  it('line breaks of all kinds end a row, and stay as they are inside quotes', async () => {
    const table = await read('a.csv', 'a,b\r\n1,"x\r\ny"\r2,z\n');
    expect(table.dialect.line_ending).toBe('mixed');
    expect(await rows(table.table)).toEqual([
      { a: 1, b: 'x\r\ny' },
      { a: 2, b: 'z' },
    ]);
  });

  it('says line and column of a quote that is never closed', async () => {
    expect(await refusal(read('a.csv', 'a,b\n1,x\n2,"y\n3,z\n'))).toEqual({
      status: 422,
      code: 'datasets.unclosed_quote',
      line: 3,
      column: 3,
    });
  });

  it('reads a quote that is not doubled as a character, and says in which line', async () => {
    const table = await read('a.csv', 'a,b,c\n1,"8 1/2" rod",4\n2,"x" y,5\n3,9" nail,6\n');
    expect((await rows(table.table)).map(({ b }) => b)).toEqual(['8 1/2" rod', 'x y', '9" nail']);
    expect(table.warnings).toMatchObject([
      { code: 'stray_quote', line: 2 },
      { code: 'stray_quote', line: 3 },
    ]);
  });

  it('a quote that would swallow whole rows is a character', async () => {
    const table = await read('a.csv', 'a,b,c\n1,x,ok\n2,"5,ok\n3,6,ok\n4,7",ok\n5,y,ok\n');
    expect((await rows(table.table)).map(({ b }) => b)).toEqual(['x', '"5', '6', '7"', 'y']);
    expect(table.warnings).toMatchObject([{ code: 'stray_quote', line: 3 }]);
  });

  it('the uploader decides where told to', async () => {
    const table = await read('a.csv', 'a,b;c\n"1,2;3\n', { delimiter: ';', quote: '', header: false });
    expect(await rows(table.table)).toEqual([
      { column_1: 'a,b', column_2: 'c' },
      { column_1: '"1,2', column_2: '3' },
    ]);
  });

  it('text that is no table is refused as such, unless its name says CSV', async () => {
    const prose = 'A letter.\n\nDear reader, this is no table.\nIt has lines, some with commas, some without\nYours\n';
    expect(await refusal(read('letter.txt', prose))).toMatchObject({ status: 415 });
    expect((await read('letter.csv', prose)).columns).toHaveLength(1);
  });
});

describe('ragged rows', () => {
  it('are completed, widen the table, and are reported with their lines', async () => {
    const table = await read('a.csv', 'a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect(await rows(table.table)).toEqual([
      { a: 1, b: 2, column_3: null },
      { a: 3, b: null, column_3: null },
      { a: 4, b: 5, column_3: 6 },
      { a: 7, b: 8, column_3: null },
    ]);
    expect(table.warnings).toEqual([
      { code: 'ragged_row', line: 3, message: 'Line 3 has 1 fields instead of 2' },
      { code: 'ragged_row', line: 4, message: 'Line 4 has 3 fields instead of 2' },
    ]);
  });

  it('are listed up to a hundred, and counted beyond', async () => {
    const table = await read('a.csv', `a,b\n${'1,2\n'.repeat(500)}${'1\n'.repeat(150)}`);
    expect(table.warnings).toHaveLength(101);
    expect(table.warnings.at(-1)?.message).toContain('150');
  });
});

describe('types', () => {
  it('are decided on the whole column: the last value counts', async () => {
    const numbers = Array.from({ length: 50_000 }, (_, index) => `${index},${index}.5,2024-01-01`).join('\n');
    const table = await read('a.csv', `a,b,c\n${numbers}\nx,1.5,tomorrow\n`);
    expect(typesOf(table)).toEqual(['string', 'number', 'string']);
  });

  it('of codes and long numbers is text: 01, +5 and 20 digits stay what they are', async () => {
    const table = await read(
      'a.csv',
      'code,plus,long,precise\n01,+5,12345678901234567890,0.12345678901234567890\n02,+6,1,0.5\n',
    );
    expect(typesOf(table)).toEqual(['string', 'string', 'string', 'string']);
    expect(await rows(table.table)).toEqual([
      { code: '01', plus: '+5', long: '12345678901234567890', precise: '0.12345678901234567890' },
      { code: '02', plus: '+6', long: '1', precise: '0.5' },
    ]);
  });

  it('whole, fractional, true or false, dates, times with and without zone are recognized', async () => {
    const table = await read(
      'a.csv',
      'i,n,b,d,t,z\n-5,1e3,TRUE,2024-02-29,2024-02-29T10:00:00,2024-02-29T10:00:00+02:00\n7,.5,false,2023-01-01,2024-02-29,2024-02-29T10:00:00Z\n',
    );
    expect(typesOf(table)).toEqual(['integer', 'number', 'boolean', 'date', 'datetime', 'datetime_tz']);
    expect(await rows(table.table)).toEqual([
      { i: -5, n: 1000, b: true, d: '2024-02-29', t: '2024-02-29T10:00:00', z: '2024-02-29T08:00:00Z' },
      { i: 7, n: 0.5, b: false, d: '2023-01-01', t: '2024-02-29T00:00:00', z: '2024-02-29T10:00:00Z' },
    ]);
  });

  it('a day that does not exist is text', async () => {
    expect(typesOf(await read('a.csv', 'a,day\n1,2023-02-29\n2,2024-02-29\n'))).toEqual(['integer', 'string']);
  });

  it('words for missing among numbers are missing, and reported; among text they are text', async () => {
    const table = await read('a.csv', 'n,t\n1,NA\nNA,x\n,y\n');
    expect(await rows(table.table)).toEqual([
      { n: 1, t: 'NA' },
      { n: null, t: 'x' },
      { n: null, t: 'y' },
    ]);
    expect(table.warnings).toMatchObject([{ code: 'missing_words', column: 'n' }]);
  });

  it('can be said by the uploader', async () => {
    const table = await read('a.csv', 'a,b\n1,2\n', { types: { a: 'string', b: 'number' } });
    expect(typesOf(table)).toEqual(['string', 'number']);
    expect(await refusal(read('a.csv', 'a\nx\n', { types: { a: 'integer' } }))).toMatchObject({ status: 422 });
    expect(await refusal(read('a.csv', 'a\n1\n', { types: { z: 'integer' } }))).toMatchObject({
      code: 'datasets.unknown_column',
    });
  });
});

describe('decimal mark', () => {
  it('is a comma where numbers have no other', async () => {
    const table = await read('a.csv', 'item;price;code\nbread;1,55;1.234\nwine;1.234,5;5.678\n');
    expect(table.dialect.decimal).toBe(',');
    expect(await rows(table.table)).toMatchObject([{ price: 1.55 }, { price: 1234.5 }]);
  });

  it('is a point otherwise', async () => {
    const table = await read('a.csv', 'item;price\nbread;1.55\nwine;1234.5\n');
    expect(table.dialect.decimal).toBe('.');
    expect(await rows(table.table)).toMatchObject([{ price: 1.55 }, { price: 1234.5 }]);
  });
});

describe('header', () => {
  it.each([
    [true, 'name,age\nAna,1\n'],
    [true, 'country,2019,2020\nBrazil,1,2\n'],
    [true, 'first,second\nx,y\nz,w\n'],
    [true, 'a,b,c\n'],
    [false, '1,2\n3,4\n'],
    [false, 'Ana,1\nBob,2\n'],
    [false, 'x,x\ny,z\n'],
  ])('%s for %j', async (header, text) => {
    expect((await read('a.csv', text)).dialect.header).toBe(header);
  });

  it('names are made different, printable and present', async () => {
    const table = await read('a.csv', 'id,ID,,"a\nb"\n1,2,3,4\n');
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'ID_2', 'column_3', 'a b']);
    expect(table.warnings.map(({ code }) => code)).toEqual(['renamed_column', 'renamed_column']);
  });
});

describe('bounds', () => {
  it('rows that are too long, too many columns and nothing at all are refused', async () => {
    expect(await refusal(read('a.csv', `a,b\n1,${'x'.repeat(200_000)}\n`))).toMatchObject({
      code: 'datasets.row_too_long',
    });
    expect(await refusal(read('a.csv', `${'x,'.repeat(60)}y\n`))).toMatchObject({ code: 'datasets.too_many_columns' });
    const wide = `${'x;'.repeat(70)}y\n`.repeat(3);
    expect(await refusal(read('a.csv', wide))).toMatchObject({ code: 'datasets.too_many_columns' });
    expect(await refusal(read('a.csv', ''))).toMatchObject({ code: 'datasets.empty' });
    expect(await refusal(read('a.csv', '\n\n'))).toMatchObject({ code: 'datasets.empty' });
  });

  it('gzip is read, and a bomb is refused before it has expanded', async () => {
    const table = await read('a.csv.gz', gzipSync('a,b\n1,2\n'));
    expect(table.dialect.compression).toBe('gzip');
    expect(await rows(table.table)).toEqual([{ a: 1, b: 2 }]);
    const bomb = gzipSync(Buffer.alloc(400 * 2 ** 20, 'a,b\n'));
    expect(await refusal(read('bomb.csv.gz', bomb))).toMatchObject({ status: 413, code: 'datasets.expands_too_far' });
    expect(await refusal(read('cut.csv.gz', gzipSync('a,b\n1,2\n').subarray(0, 20)))).toMatchObject({
      code: 'datasets.damaged_gzip',
    });
  });
});

describe.runIf(hasSharedData('hostile/csv') && hasSharedData('vitibrasil'))('the real corpora', () => {
  // The JSON beside them says what their rows are; two of them are no JSON or describe another file.
  const files = hasSharedData('hostile/csv')
    ? hostileFiles('csv').filter((path) => path.endsWith('.csv') && !/bad-|all-empty|location_coordinates/.test(path))
    : [];

  it.each(files)('%s is read as it is meant', async (path) => {
    const expected: unknown = JSON.parse(await readFile(path.replace(/\/csvs?\/([^/]+)csv$/, '/json/$1json'), 'utf8'));
    const table = await ingest(path, { header: true });
    const read = (await rows(table.table)).map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? '')])),
    );
    const [first, ...others] = expected as unknown[];
    if (Array.isArray(first)) {
      const columns: string[] = first;
      expect(read).toEqual(
        (others as string[][]).map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))),
      );
    } else {
      expect(read).toEqual(expected);
    }
  });

  it('VitiBrasil is read with its years as columns', async () => {
    const table = await ingest(join(sharedData, 'vitibrasil/2025-05/Producao.csv'));
    expect(table.dialect).toMatchObject({ encoding: 'utf-8', header: true });
    expect(table.columns.map(({ name }) => name)).toContain('1970');
  });
});
