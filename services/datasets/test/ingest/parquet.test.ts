import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const { place, read, readFile: ingest, render, rows } = await useEngine();

const parquet = async (query: string) => {
  const path = place('made.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
};

describe('a Parquet file', () => {
  it('keeps its types; small integers become integers, nested values JSON', async () => {
    const path = await parquet(
      "SELECT 1::TINYINT AS i, 18446744073709551615::UBIGINT AS u, 1.50::DECIMAL(9,2) AS d, 0.5::FLOAT AS f, DATE '2024-02-29' AS day, {'a': [1, 2]} AS s, 'x'::BLOB AS t, '\\xFF'::BLOB AS b",
    );
    const table = await ingest(path);
    expect(table.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'i integer',
      'u decimal',
      'd decimal',
      'f number',
      'day date',
      's json',
      't string',
      'b binary',
    ]);
    expect(await readFile(await render(table.table, 'csv'), 'utf8')).toBe(
      'i,u,d,f,day,s,t,b\n1,18446744073709551615,1.50,0.5,2024-02-29,"{""a"":[1,2]}",x,/w==\n',
    );
    const avro = await ingest(await render(table.table, 'avro'));
    expect(await rows(avro.table)).toMatchObject([{ d: 1.5, f: 0.5, day: '2024-02-29', b: '/w==' }]);
  });

  it('that is cut or altered is refused', async () => {
    const bytes = await readFile(await parquet('SELECT range AS n, range * 7 AS m FROM range(10000)'));
    for (const broken of [
      bytes.subarray(0, bytes.length - 100),
      Buffer.concat([bytes.subarray(0, 8), bytes.subarray(3000)]),
    ]) {
      await expect(read('a.parquet', broken)).rejects.toMatchObject({ status: 422 });
    }
  });

  it.runIf(hasSharedData('hostile/parquet'))(
    'whose pages do not have their checksums is refused, those that do are read',
    async () => {
      const folder = join(sharedData, 'hostile/parquet/parquet-testing/data');
      for (const name of ['datapage_v1-corrupt-checksum', 'rle-dict-uncompressed-corrupt-checksum']) {
        await expect(ingest(join(folder, `${name}.parquet`))).rejects.toMatchObject({
          status: 422,
          code: 'datasets.damaged_parquet',
        });
      }
      for (const name of [
        'datapage_v1-uncompressed-checksum',
        'datapage_v1-snappy-compressed-checksum',
        'rle-dict-snappy-checksum',
        'plain-dict-uncompressed-checksum',
      ]) {
        expect((await ingest(join(folder, `${name}.parquet`))).rows).toBeGreaterThan(0);
      }
    },
  );
});
