import type { ValidationSchema } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const { engine, options, place, read, rows } = await useEngine();

const validate = async (csv: string, schema: ValidationSchema, first = 1000) => {
  const { table } = await read('a.csv', csv, { header: true });
  const output = place('violations.parquet');
  return { output, ...(await engine.run('validate', { path: table, schema, output, first }, options)) };
};
/** What is reported, in short: `row column rule value`. */
const found = async (csv: string, schema: ValidationSchema) =>
  (await validate(csv, schema)).first.map(({ row, column, rule, value }) => `${row} ${column} ${rule} ${value}`);

const column = (...values: string[]) => `v,other\n${values.map((value) => `${value},1`).join('\n')}\n`;

describe('rules', () => {
  it.each<[ValidationSchema[string], string, string[]]>([
    [{ required: true }, column('x', ''), ['2 v required null']],
    [{ type: 'integer' }, column('1', '-2', '2.5', 'x', ''), ['3 v type 2.5', '4 v type x']],
    [{ type: 'integer' }, column('1', '2.5', '3.0'), ['2 v type 2.5']],
    [{ type: 'number' }, column('1', '2.5', '1e5', 'x'), ['4 v type x']],
    [{ type: 'boolean' }, column('true', 'no'), ['2 v type no']],
    [{ type: 'date' }, column('2024-02-29', '2023-02-29', '1/2/2024'), ['2 v type 2023-02-29', '3 v type 1/2/2024']],
    [{ type: 'datetime' }, column('2024-02-29T10:00:00Z', '2024-02-29', 'x'), ['2 v type 2024-02-29', '3 v type x']],
    [
      { type: 'email' },
      column('a@b.org', 'a@b', 'a b@c.org', 'a..b@c.org', "o'neil+x@sub.example.com"),
      ['2 v type a@b', '3 v type a b@c.org', '4 v type a..b@c.org'],
    ],
    [
      { type: 'uri' },
      column('https://a.org/x?y=1#z', 'urn:isbn:1', 'a.org', 'http://a b'),
      ['3 v type a.org', '4 v type http://a b'],
    ],
    [{ type: 'uuid' }, column('555693cc-38fc-4dd6-a8c3-cbddb29d5081', '555693cc'), ['2 v type 555693cc']],
    [{ min: 0, max: 150 }, column('-1', '0', '150', '151'), ['1 v min -1', '4 v max 151']],
    [{ min: '2024-01-01' }, column('2023-12-31', '2024-01-01'), ['1 v min 2023-12-31']],
    [{ min_length: 2, max_length: 3 }, column('é', 'ab', 'abcd'), ['1 v min_length é', '3 v max_length abcd']],
    [{ pattern: '^[A-Z]{2}$' }, column('AB', 'abc'), ['2 v pattern abc']],
    [{ enum: ['red', 'blue'] }, column('red', 'green', ''), ['2 v enum green']],
    [{ enum: [1, 2] }, column('1', '3'), ['2 v enum 3']],
    [{ unique: true }, column('a', 'b', 'a', '', '', 'a'), ['3 v unique a', '6 v unique a']],
  ])('%j', async (rules, csv, expected) => {
    expect(await found(csv, { v: rules })).toEqual(expected);
  });

  it('a column that is not there is one error without a row, required or not', async () => {
    const result = await validate(column('1'), { gone: { required: true }, also: { type: 'integer' } });
    expect(result.first).toEqual([
      { row: null, column: 'gone', rule: 'required', value: null, message: 'the column is missing' },
      { row: null, column: 'also', rule: 'column', value: null, message: 'the column is missing' },
    ]);
    expect(result.columns).toEqual({ missing: ['gone', 'also'], new: ['v', 'other'], retyped: [] });
  });

  it('that are wrong themselves are refused', async () => {
    const refused = (schema: ValidationSchema) =>
      validate(column('x'), schema).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
    expect(await refused({ v: { pattern: '(' } })).toBe('datasets.wrong_pattern');
    expect(await refused({ other: { min: 'x' } })).toBe('datasets.wrong_rule');
  });

  it('a pattern that would take for ever elsewhere takes none', async () => {
    expect(await found(column(`${'a'.repeat(5000)}!`), { v: { pattern: '^(a+)+$' } })).toHaveLength(1);
  });
});

describe('the report', () => {
  it('holds every failing value, in the order of the rows; the answer the first of them', async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, index) => `${index % 2 === 0 ? index : -index},${index % 3 === 0 ? '' : 'x'}`,
    );
    const result = await validate(`n,t\n${lines.join('\n')}\n`, { n: { min: 0 }, t: { required: true } }, 10);
    expect(result.rows).toBe(5000);
    expect(result.violations).toBe(2500 + 1667);
    expect(result.invalidRows).toBe(
      new Set(lines.flatMap((_, index) => (index % 2 === 1 || index % 3 === 0 ? [index] : []))).size,
    );
    expect(result.first).toHaveLength(10);
    const table = await rows(result.output);
    expect(table.slice(0, 10)).toEqual(result.first);
    const places = table.map(({ row }) => Number(row));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it('of a valid table is empty', async () => {
    const result = await validate(column('1', '2'), { v: { type: 'integer', required: true, unique: true } });
    expect(result).toMatchObject({ rows: 2, violations: 0, invalidRows: 0, first: [] });
  });
});
