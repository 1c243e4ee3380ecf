import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';

const { read, render, rows } = await useEngine();

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'read',
    (error: { status: number; code: string }) => ({ status: error.status, code: error.code }),
  );

const csv =
  'id,big,ratio,ok,day,moment,the name\n1,9007199254740993,1.5,true,2024-02-29,2024-02-29 01:02:03.000004,é\n2,,,,,,\n';

describe('an Avro file', () => {
  it('comes back as it was written: 64-bit integers, microseconds, names that Avro does not allow', async () => {
    const first = await read('a.csv', csv);
    const again = await read('a.avro', await readFile(await render(first.table, 'avro')));
    expect(again.columns).toEqual(first.columns);
    expect(again.dialect).toEqual({ codec: 'deflate' });
    expect(await rows(again.table)).toEqual(await rows(first.table));
  });

  it('that is cut anywhere is refused, never read in part', async () => {
    const bytes = await readFile(await render((await read('a.csv', csv)).table, 'avro'));
    for (const length of [3, 20, bytes.length - 30, bytes.length - 1]) {
      expect(await refusal(read('a.avro', bytes.subarray(0, length)))).not.toBe('read');
    }
    const other = Buffer.from(bytes);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(await refusal(read('a.avro', other))).toEqual({ status: 422, code: 'datasets.damaged_avro' });
  });

  it('with an impossible block is refused before anything is made of it', async () => {
    const bytes = await readFile(await render((await read('a.csv', csv)).table, 'avro'));
    const hostile = Buffer.concat([bytes, Buffer.from([2, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x0f])]);
    expect(await refusal(read('a.avro', hostile))).toEqual({ status: 422, code: 'datasets.damaged_avro' });
  });
});
