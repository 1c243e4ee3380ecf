import { readFile } from 'node:fs/promises';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const { read, render, rows } = await useEngine();

const dangerous = '=1+1\n+1\n-1\n@SUM(A1)\n"\t=1"\nplain\n';

describe('CSV', () => {
  it('is safe to open in a spreadsheet, names of columns too, and numbers stay numbers', async () => {
    const { table } = await read('a.csv', '=cmd,n\n=1+1,-1\n@x,2\na=b,3\n', { header: true });
    expect(await readFile(await render(table, 'csv'), 'utf8')).toBe("'=cmd,n\n'=1+1,-1\n'@x,2\na=b,3\n");
    expect(await readFile(await render(table, 'csv', false), 'utf8')).toBe('=cmd,n\n=1+1,-1\n@x,2\na=b,3\n');
  });

  it('quotes what needs it', async () => {
    const { table } = await read(
      'a.json',
      JSON.stringify([
        { a: 'x,"y"\nz', b: null },
        { a: '', b: 1 },
      ]),
    );
    expect(await readFile(await render(table, 'csv'), 'utf8')).toBe('a,b\n"x,""y""\nz",\n"",1\n');
  });
});

describe('a table that several threads write', () => {
  const count = 300_000;
  const numbers = Array.from({ length: count }, (_, index) => index);
  const content = `n,t\n${numbers.map((n) => `${n},text ${n * 7}\n`).join('')}`;

  it('keeps the order of its rows in CSV and JSON', async () => {
    const { table } = await read('a.csv', content);
    expect((await readFile(await render(table, 'csv'), 'utf8')) === content).toBe(true);
    const lines = (await readFile(await render(table, 'ndjson'), 'utf8')).trimEnd().split('\n');
    expect(lines.findIndex((line, index) => JSON.parse(line).n !== index)).toBe(-1);
    expect(lines).toHaveLength(count);
  });

  it('keeps the order of its rows when words for missing values are read', async () => {
    const { table, warnings } = await read('a.csv', content.replace('\n250000,', '\nNA,'));
    expect(warnings).toMatchObject([{ code: 'missing_words', column: 'n' }]);
    const written = await readFile(await render(table, 'csv'), 'utf8');
    expect(written === content.replace('\n250000,', '\n,')).toBe(true);
  });
});

describe('Excel', () => {
  it('holds text that looks like a formula as text', async () => {
    const { table } = await read('a.csv', `t\n${dangerous}`, { header: true });
    const again = await read('a.xlsx', await readFile(await render(table, 'excel')));
    expect(await rows(again.table)).toEqual(await rows(table));
    expect(await rows(table)).toHaveLength(6);
  });

  it('holds characters that XML cannot', async () => {
    const { table } = await read('a.json', JSON.stringify([{ t: 'a\u0001\u000b\r_x0041_ ]]> & < \ud83d\ude00' }]));
    const again = await read('a.xlsx', await readFile(await render(table, 'excel')));
    expect(await rows(again.table)).toEqual(await rows(table));
  });

  it('refuses text that no cell can hold', async () => {
    const { table } = await read('a.csv', `t,n\n${'x'.repeat(40_000)},1\n`, { header: true });
    await expect(render(table, 'excel')).rejects.toMatchObject({ status: 422, code: 'datasets.text_too_long' });
  });
});

describe('JSON', () => {
  it('is valid and exact: integers of 64 bits, ISO 8601, null for what is no number', async () => {
    const { table } = await read('a.csv', 'i,t,z\n9223372036854775807,2024-01-01 10:00:00,2024-01-01T10:00:00+01:00\n');
    expect((await readFile(await render(table, 'json'), 'utf8')).trim()).toBe(
      '[\n\t{"i":9223372036854775807,"t":"2024-01-01T10:00:00","z":"2024-01-01T09:00:00Z"}\n]',
    );
    expect(await readFile(await render(table, 'ndjson'), 'utf8')).toBe(
      '{"i":9223372036854775807,"t":"2024-01-01T10:00:00","z":"2024-01-01T09:00:00Z"}\n',
    );
  });
});

describe('Arrow', () => {
  it('is read by others with its types and gaps', async () => {
    const { table } = await read(
      'a.csv',
      'i,n,b,d,t,s\n9223372036854775807,1.5,true,2024-02-29,2024-02-29 01:02:03.000004,é\n,,,,,\n',
    );
    const arrow = tableFromIPC(await readFile(await render(table, 'arrow')));
    expect(arrow.schema.fields.map(({ type }) => String(type))).toEqual([
      'Int64',
      'Float64',
      'Bool',
      'Date32<DAY>',
      'Timestamp<MICROSECOND>',
      'Utf8',
    ]);
    expect(arrow.numRows).toBe(2);
    expect(arrow.get(0)?.toJSON()).toMatchObject({ i: 9223372036854775807n, n: 1.5, b: true, s: 'é' });
    expect(Object.values(arrow.get(1)?.toJSON() ?? {})).toEqual([null, null, null, null, null, null]);
  });
});
