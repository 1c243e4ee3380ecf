import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const { read, readFile: ingest, render, rows } = await useEngine();

/** csv -> parquet -> excel -> avro -> json -> csv: what is read in the end, and the first and last file. */
const roundTrip = async (table: string) => {
  let current = table;
  const types: unknown[] = [];
  for (const format of ['parquet', 'excel', 'avro', 'json', 'csv'] as const) {
    const next = await ingest(await render(current, format, false));
    types.push(next.columns);
    current = next.table;
  }
  return { current, types };
};

const expectSame = async (first: { table: string; columns: unknown }) => {
  const { current, types } = await roundTrip(first.table);
  for (const columns of types) expect(columns).toEqual(first.columns);
  const before = await readFile(await render(first.table, 'csv', false), 'utf8');
  const after = await readFile(await render(current, 'csv', false), 'utf8');
  expect(after === before).toBe(true);
};

const tables = hasSharedData('tables')
  ? readdirSync(join(sharedData, 'tables')).filter((name) => name !== 'flights-200k.json')
  : [];

describe('a round trip through every format keeps values and types', () => {
  it('of a table with every kind of value', async () => {
    const first = await read(
      'kinds.csv',
      [
        'text,whole,fraction,truth,day,moment,code,long,empty',
        'plain,1,1.5,true,2024-02-29,2024-02-29 12:34:56.789,01,12345678901234567890,',
        '"=1+1, ""quoted""",-9007199254740991,2.0,false,1950-01-01,1999-12-31 23:59:59,002,1,',
        '"two\nlines <&> _x0041_",,0.1,,,,-1,22,',
        'é 漢 😀,42,1e300,true,9999-12-30,2000-01-01 00:00:00.001,+5,3,',
        '',
      ].join('\n'),
    );
    expect(first.columns.map(({ type }) => type)).toEqual([
      'string',
      'integer',
      'number',
      'boolean',
      'date',
      'datetime',
      'string',
      'string',
      'string',
    ]);
    const { current, types } = await roundTrip(first.table);
    for (const columns of types) expect(columns).toEqual(first.columns);
    expect(await rows(current)).toEqual(await rows(first.table));
  });

  it('of a table of many batches, in its order', async () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `${index},${(index * 7919) % 300_007}.5,text ${index}`);
    await expectSame(await read('many.csv', `n,f,t\n${lines.join('\n')}\n`));
  });

  it('and what a workbook cannot hold becomes text there', async () => {
    const first = await read('large.csv', 'id,day\n9223372036854775807,1850-01-01\n1,1950-01-01\n');
    const again = await ingest(await render(first.table, 'excel'));
    expect(await rows(again.table)).toEqual([
      { id: '9223372036854775807', day: '1850-01-01' },
      { id: '1', day: '1950-01-01' },
    ]);
  });

  it.each(tables)('of the real table %s', { timeout: 300_000 }, async (name) => {
    await expectSame(await ingest(join(sharedData, 'tables', name)));
  });
});
