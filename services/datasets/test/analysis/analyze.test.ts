import type { AnalysisType, Profile } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const { engine, options, read } = await useEngine();

const analyze = async (csv: string, type: AnalysisType, columns?: string[]) => {
  const { table } = await read('a.csv', csv, { header: true });
  return (await engine.run('analyze', { path: table, type, columns }, options)).analysis;
};
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('descriptive statistics', () => {
  it('of one column of numbers are one object', async () => {
    expect(await analyze('name,n\na,1\nb,2\nc,4\nd,\n', 'descriptive')).toEqual({
      mean: 7 / 3,
      median: 2,
      std_dev: expect.closeTo(1.5275252316519468, 12),
      min: 1,
      max: 4,
    });
  });

  it('of several are an object each', async () => {
    const analysis = await analyze('a,b,t\n1,1.5,x\n3,2.5,y\n', 'descriptive');
    expect(analysis).toMatchObject({ a: { mean: 2, min: 1, max: 3 }, b: { mean: 2, median: 2 } });
    expect(await analyze('a,b,t\n1,1.5,x\n3,2.5,y\n', 'descriptive', ['b'])).toMatchObject({ mean: 2 });
  });

  it('that are undefined are null', async () => {
    expect(await analyze('n,m\n5,\n', 'descriptive')).toEqual({ mean: 5, median: 5, std_dev: null, min: 5, max: 5 });
  });

  it('of text are refused', async () => {
    expect(await refusal(analyze('t,u\nx,y\n', 'descriptive'))).toBe('datasets.not_numeric');
    expect(await refusal(analyze('t,n\nx,1\n', 'descriptive', ['t']))).toBe('datasets.not_numeric');
    expect(await refusal(analyze('t,n\nx,1\n', 'descriptive', ['z']))).toBe('datasets.unknown_column');
  });
});

describe('a profile', () => {
  it('tells of each column what is missing, different, frequent and how it is spread', async () => {
    const { columns, rows } = (await analyze(
      'n,t,d\n1,x,2024-01-01\n1,yy,\n3,x,2024-03-01\n5,,2024-02-01\n',
      'profile',
    )) as Profile;
    expect(rows).toBe(4);
    expect(columns.n).toMatchObject({
      type: 'integer',
      count: 4,
      missing: 0,
      distinct: 3,
      min: 1,
      max: 5,
      mean: 2.5,
      quantiles: { '0.5': 2 },
      top_values: [
        { value: 1, count: 2 },
        { value: 3, count: 1 },
        { value: 5, count: 1 },
      ],
    });
    const histogram = columns.n?.histogram ?? [];
    expect(histogram).toHaveLength(20);
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect(histogram.at(-1)).toMatchObject({ to: 5, count: 1 });
    expect(columns.t).toMatchObject({ type: 'string', missing: 1, distinct: 2, min_length: 1, max_length: 2 });
    expect(columns.d).toMatchObject({ type: 'date', missing: 1, min: '2024-01-01', max: '2024-03-01' });
  });

  it('of constant and empty columns has no broken histogram', async () => {
    const { columns } = (await analyze('c,e\n7,\n7,\n', 'profile')) as Profile;
    expect(columns.c?.histogram).toEqual([{ from: 7, to: 7, count: 2 }]);
    expect(columns.e).toMatchObject({ type: 'string', count: 0, distinct: 0, min: null });
  });
});

describe('correlation', () => {
  it("is Pearson's, symmetric, and null where it is undefined", async () => {
    expect(await analyze('a,b,c,k\n1,2,3,5\n2,4,1,5\n3,6,2,5\n', 'correlation')).toEqual({
      method: 'pearson',
      columns: ['a', 'b', 'c', 'k'],
      matrix: [
        [1, 1, -0.5, null],
        [1, 1, -0.5, null],
        [-0.5, -0.5, 1, null],
        [null, null, null, null],
      ],
    });
  });
});
