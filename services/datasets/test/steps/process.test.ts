import type { TableOperation } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const { engine, options, place, read, rows } = await useEngine();

/** Applies operations to a CSV; the rows that come out, and what is said of each operation. */
const apply = async (csv: string, ...operations: TableOperation[]) => {
  const { table } = await read('a.csv', csv);
  const output = place('result.parquet');
  const result = await engine.run('process', { path: table, operations, output }, options);
  return { ...result, result: await rows(output) };
};
const clean = (params: Extract<TableOperation, { type: 'clean' }>['params']): TableOperation => ({
  type: 'clean',
  params,
});
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { status: number; code: string; details: object }) => ({
      status: error.status,
      code: error.code,
      ...error.details,
    }),
  );

describe('duplicates', () => {
  it('are removed but for the first, missing values being equal, and the order stays', async () => {
    const { result, operations } = await apply('a,b\n3,x\n1,\n3,x\n2,y\n1,\n3,z\n', clean({ remove_duplicates: true }));
    expect(result).toEqual([
      { a: 3, b: 'x' },
      { a: 1, b: null },
      { a: 2, b: 'y' },
      { a: 3, b: 'z' },
    ]);
    expect(operations).toMatchObject([{ rows_before: 6, rows_after: 4, duplicates_removed: 2 }]);
  });

  it('can be told by some columns', async () => {
    const { result } = await apply('a,b\n1,x\n1,y\n2,x\n', clean({ duplicate_columns: ['a'] }));
    expect(result).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: 'x' },
    ]);
  });

  it('of a large table keep its order too', async () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `${index % 290_000},text ${(index % 290_000) * 7}`);
    const {
      result,
      rows: left,
      operations,
    } = await apply(`n,t\n${lines.join('\n')}\n`, clean({ remove_duplicates: true }));
    expect(left).toBe(290_000);
    expect(operations[0]?.duplicates_removed).toBe(10_000);
    expect(result.map(({ n }) => Number(n)).join()).toBe(Array.from({ length: 1000 }, (_, index) => index).join());
  });

  it('are found after trimming and changing case', async () => {
    const { result } = await apply(
      'a,b\n1, Ana \n1,ANA\n2,\u00a0 \n',
      clean({ trim: true, case: 'lower', remove_duplicates: true }),
    );
    expect(result).toEqual([
      { a: 1, b: 'ana' },
      { a: 2, b: null },
    ]);
  });
});

describe('missing values', () => {
  const csv = 'n,f,t,d\n1,,x,2024-01-01\n,2.5,,\n3,0.5,x,2024-01-03\n4,,y,\n';

  it('are dropped with their rows, and counted together with duplicates', async () => {
    const { result, operations } = await apply(
      `${csv}3,0.5,x,2024-01-03\n`,
      clean({ remove_duplicates: true, handle_missing: 'drop' }),
    );
    expect(result).toEqual([{ n: 3, f: 0.5, t: 'x', d: '2024-01-03' }]);
    expect(operations).toEqual([
      { operation: 'clean', rows_before: 5, rows_after: 1, duplicates_removed: 1, missing_removed: 3 },
    ]);
  });

  it('are dropped where named columns lack a value', async () => {
    expect((await apply(csv, clean({ handle_missing: 'drop', columns: ['n'] }))).result).toHaveLength(3);
  });

  it('are filled with a value where it fits', async () => {
    const { result, operations } = await apply(csv, clean({ handle_missing: 'fill', fill_value: 0 }));
    expect(result).toMatchObject([{ f: 0 }, { n: 0, t: '0', d: null }, {}, { f: 0, d: null }]);
    expect(operations[0]?.values_filled).toBe(4);
    expect(await refusal(apply(csv, clean({ handle_missing: 'fill', fill_value: 'x', columns: ['n'] })))).toMatchObject(
      {
        status: 422,
        code: 'datasets.wrong_value',
        column: 'n',
      },
    );
  });

  it('are filled with mean, median and the most frequent value', async () => {
    expect((await apply(csv, clean({ handle_missing: 'mean' }))).result).toMatchObject([
      { f: 1.5 },
      { n: 8 / 3, t: null },
      {},
      { f: 1.5 },
    ]);
    expect((await apply(csv, clean({ handle_missing: 'median' }))).result[1]).toMatchObject({ n: 3 });
    expect((await apply(csv, clean({ handle_missing: 'mode' }))).result[1]).toMatchObject({
      n: 1,
      t: 'x',
      d: '2024-01-01',
    });
    expect(await refusal(apply(csv, clean({ handle_missing: 'mean', columns: ['t'] })))).toMatchObject({
      code: 'datasets.not_numeric',
    });
  });

  it('are filled with the value before, which the first rows may not have', async () => {
    const { result, operations } = await apply(csv, clean({ handle_missing: 'previous' }));
    expect(result).toEqual([
      { n: 1, f: null, t: 'x', d: '2024-01-01' },
      { n: 1, f: 2.5, t: 'x', d: '2024-01-01' },
      { n: 3, f: 0.5, t: 'x', d: '2024-01-03' },
      { n: 4, f: 0.5, t: 'y', d: '2024-01-03' },
    ]);
    expect(operations[0]?.values_filled).toBe(5);
  });
});

describe('the order of a large table', () => {
  const lines = Array.from({ length: 300_000 }, (_, index) => `${index},${index % 3 === 0 ? '' : index}`);
  const csv = `n,m\n${lines.join('\n')}\n`;

  it.each<[string, TableOperation]>([
    ['filling with the value before', clean({ handle_missing: 'previous' })],
    ['filling with the mean', clean({ handle_missing: 'mean' })],
    ['a filter', { type: 'filter', params: { conditions: [{ column: 'n', operator: 'ge', value: 0 }] } }],
    [
      'a filter by a list',
      {
        type: 'filter',
        params: { conditions: [{ column: 'n', operator: 'not_in', value: [-1, -2, -3, -4, -5, -6, -7, -8, -9] }] },
      },
    ],
    ['a sort', { type: 'sort', params: { by: [{ column: 'n' }] } }],
    ['scaling', { type: 'normalize', params: { method: 'z-score', columns: ['m'] } }],
  ])('survives %s', async (_, operation) => {
    const { table } = await read('a.csv', csv);
    const output = place('result.parquet');
    await engine.run('process', { path: table, operations: [operation], output }, options);
    for (const offset of [0, 65_000, 122_500, 245_000, 299_000]) {
      const answer = await engine.run('preview', { path: output, offset, limit: 1000 }, options);
      const numbers = (JSON.parse(answer.rows) as { n: number }[]).map(({ n }) => n);
      expect(numbers.join()).toBe(Array.from({ length: 1000 }, (_, index) => offset + index).join());
    }
  });
});

describe('normalizing', () => {
  it('scales to 0..1, or to mean 0 and deviation 1; a constant becomes 0', async () => {
    const csv = 'a,c,t\n1,5,x\n2,5,y\n3,5,z\n';
    expect((await apply(csv, { type: 'normalize', params: { method: 'min-max' } })).result).toEqual([
      { a: 0, c: 0, t: 'x' },
      { a: 0.5, c: 0, t: 'y' },
      { a: 1, c: 0, t: 'z' },
    ]);
    expect(
      (await apply(csv, { type: 'normalize', params: { method: 'z-score', columns: ['a'] } })).result,
    ).toMatchObject([{ a: -1 }, { a: 0 }, { a: 1, c: 5 }]);
    expect(
      await refusal(apply(csv, { type: 'normalize', params: { method: 'min-max', columns: ['t'] } })),
    ).toMatchObject({ code: 'datasets.not_numeric' });
  });
});

describe('columns', () => {
  const csv = 'a,b,c\n1,x,2.5\n2,y,3\n';

  it('are renamed all at once, so that two can change places', async () => {
    expect((await apply(csv, { type: 'rename', params: { columns: { a: 'b', b: 'a' } } })).result[0]).toEqual({
      b: 1,
      a: 'x',
      c: 2.5,
    });
    expect(await refusal(apply(csv, { type: 'rename', params: { columns: { a: 'C' } } }))).toMatchObject({
      code: 'datasets.wrong_name',
    });
    expect(await refusal(apply(csv, { type: 'rename', params: { columns: { z: 'q' } } }))).toMatchObject({
      code: 'datasets.unknown_column',
    });
  });

  it('are selected in the order in which they are named', async () => {
    expect(
      Object.keys((await apply(csv, { type: 'select', params: { columns: ['c', 'a'] } })).result[0] ?? {}),
    ).toEqual(['c', 'a']);
  });

  it('are cast; what does not fit fails with its place, or becomes missing', async () => {
    expect((await apply(csv, { type: 'cast', params: { columns: { a: 'string' } } })).result[0]?.a).toBe('1');
    expect(await refusal(apply(csv, { type: 'cast', params: { columns: { c: 'integer' } } }))).toMatchObject({
      code: 'datasets.cast_failed',
      column: 'c',
      row: 1,
      value: '2.5',
      count: 1,
    });
    const lenient = await apply(csv, { type: 'cast', params: { columns: { c: 'integer' }, on_error: 'missing' } });
    expect(lenient.result.map(({ c }) => c)).toEqual([null, 3]);
    expect(lenient.operations[0]?.values_failed).toBe(1);
  });
});

describe('rows', () => {
  const csv = 'n,t\n3,banana\n1,apple\n,cherry\n2,\n1,avocado\n';

  it.each([
    [{ column: 'n', operator: 'ge', value: 2 }, ['banana', null]],
    [{ column: 'n', operator: 'is_missing' }, ['cherry']],
    [{ column: 't', operator: 'starts_with', value: 'a' }, ['apple', 'avocado']],
    [{ column: 't', operator: 'matches', value: '^.{5}$' }, ['apple']],
    [{ column: 'n', operator: 'in', value: [1, 3] }, ['banana', 'apple', 'avocado']],
    [{ column: 't', operator: 'eq', value: "x' OR '1'='1" }, []],
  ] as const)('are kept where %j', async (condition, expected) => {
    const { result } = await apply(csv, { type: 'filter', params: { conditions: [condition as never] } });
    expect(result.map(({ t }) => t)).toEqual(expected);
  });

  it('a filter with a wrong value or pattern is refused', async () => {
    const conditions = (condition: object): TableOperation => ({
      type: 'filter',
      params: { conditions: [condition as never] },
    });
    expect(await refusal(apply(csv, conditions({ column: 'n', operator: 'eq', value: 'x' })))).toMatchObject({
      code: 'datasets.wrong_value',
    });
    expect(await refusal(apply(csv, conditions({ column: 't', operator: 'matches', value: '(' })))).toMatchObject({
      code: 'datasets.wrong_pattern',
    });
    expect(await refusal(apply(csv, conditions({ column: 't', operator: 'eq' })))).toMatchObject({
      code: 'datasets.wrong_condition',
    });
  });

  it('are sorted, missing ones last, equal ones in their order, and the order holds for what follows', async () => {
    const { result } = await apply(
      csv,
      { type: 'sort', params: { by: [{ column: 'n', descending: true }] } },
      clean({ handle_missing: 'previous', columns: ['t'] }),
    );
    expect(result).toEqual([
      { n: 3, t: 'banana' },
      { n: 2, t: 'banana' },
      { n: 1, t: 'apple' },
      { n: 1, t: 'avocado' },
      { n: null, t: 'cherry' },
    ]);
  });
});

describe('operations', () => {
  it('follow each other, each with its count of rows', async () => {
    const { operations } = await apply(
      'a,b\n1,x\n1,x\n2,\n3,y\n',
      clean({ remove_duplicates: true }),
      { type: 'filter', params: { conditions: [{ column: 'a', operator: 'lt', value: 3 }] } },
      clean({ handle_missing: 'drop' }),
      { type: 'rename', params: { columns: { a: 'id' } } },
    );
    expect(operations.map(({ rows_before, rows_after }) => [rows_before, rows_after])).toEqual([
      [4, 3],
      [3, 2],
      [2, 1],
      [1, 1],
    ]);
  });

  it('take names and values that look like SQL as what they are', async () => {
    const { result } = await apply('"a"" ; DROP TABLE x; --",b\n1,x\n', {
      type: 'rename',
      params: { columns: { b: "b') FROM y; --" } },
    });
    expect(result).toEqual([{ 'a" ; DROP TABLE x; --': 1, "b') FROM y; --": 'x' }]);
  });
});
