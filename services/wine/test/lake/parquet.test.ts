import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { toParquet } from '@vindima/lake';
import { runKey } from '@vindima/lake/store-run';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { toArrow } from '../../src/lake/arrow.ts';
import { dataSetOf } from '../../src/lake/keys.ts';
import { figures } from '../../src/query/figures.ts';
import { everything, select } from '../../src/query/select.ts';
import { file, read, realFile, vintages } from '../support/files.ts';

const table = read(
  'processing-viniferas',
  file(
    'id;control;cultivar;2021;2022;2023',
    '1;TINTAS;TINTAS;3;*;35881118,23',
    '2;ti_Jaen;Jaen;3;*;',
    '3;ti_Clairette;Clairette(1);nd;+;0',
  ),
);

describe('columnar formats', () => {
  let duckdb: Awaited<ReturnType<Awaited<ReturnType<typeof DuckDBInstance.create>>['connect']>>;
  let folder: string;

  beforeAll(async () => {
    duckdb = await (await DuckDBInstance.create()).connect();
    folder = mkdtempSync(join(tmpdir(), 'vindima-lake-'));
  });
  afterAll(() => {
    duckdb.closeSync();
    rmSync(folder, { recursive: true });
  });
  const store = (key: string, bytes: Uint8Array) => {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };
  const query = async (sql: string) => (await duckdb.runAndReadAll(sql)).getRowObjectsJson();

  it('an Arrow table has every figure of the long table', () => {
    const arrow = tableFromIPC(tableToIPC(toArrow(table, everything(table), { processingDate: '2026-11-21' })));
    expect(arrow.toArray().map((row) => ({ ...row.toJSON(), processing_date: undefined }))).toEqual(
      [...figures(table, everything(table))].map((figure) => ({ ...figure, processing_date: undefined })),
    );
  });

  it('a part of a selection, and an empty one, are tables too', () => {
    const options = { processingDate: '2026-11-21' };
    const part = toArrow(table, everything(table), { ...options, offset: 4, limit: 2 });
    expect(part.toArray().map((row) => [row.name, row.year])).toEqual([
      ['Jaen', 2022],
      ['Jaen', 2023],
    ]);
    const empty = toParquet(toArrow(table, select(table, { year_to: 1900 }), options));
    expect(Buffer.from(empty.subarray(0, 4)).toString()).toBe('PAR1');
  });

  it('another reader finds types, zstd, metadata and the day in a Parquet file', async () => {
    const metadata = { 'vindima.source_url': 'http://vitibrasil.example/Producao.csv', 'vindima.rows': '3' };
    const arrow = toArrow(table, everything(table), { processingDate: '2026-11-21', metadata });
    const path = store(runKey(dataSetOf('processing-viniferas'), '2026-11-21', 'run-1'), toParquet(arrow));
    expect(await query(`SELECT DISTINCT compression FROM parquet_metadata('${path}')`)).toEqual([
      { compression: 'ZSTD' },
    ]);
    const pairs = await query(
      `SELECT key::VARCHAR AS key, value::VARCHAR AS value FROM parquet_kv_metadata('${path}') WHERE key::VARCHAR LIKE 'vindima.%' ORDER BY key`,
    );
    expect(pairs).toEqual([
      { key: 'vindima.rows', value: '3' },
      { key: 'vindima.source_url', value: 'http://vitibrasil.example/Producao.csv' },
    ]);
    const rows = await query(
      `SELECT * FROM read_parquet('${folder}/wine/*/processing_date=*/*.parquet', hive_partitioning = true) WHERE name = 'Clairette' ORDER BY year`,
    );
    expect(rows).toMatchObject([
      { year: 2021, value: null, missing_reason: 'not_available', footnote: '1', is_total: false, section: 'TINTAS' },
      { year: 2022, value: null, missing_reason: 'plus', unit: 'kg', processing_date: '2026-11-21' },
      { year: 2023, value: 0, missing_reason: null, country: null, control: 'ti_Clairette' },
    ]);
  });

  it.skipIf(vintages.length === 0)('the sums per series and year are those of the real files', async () => {
    for (const { name: vintage, folder: source } of vintages) {
      for (const series of catalogue) {
        const bytes = realFile(source, series.file);
        const parsed = read(series.id, bytes);
        const parquet = toParquet(toArrow(parsed, everything(parsed), { processingDate: '2026-11-21' }));
        const path = store(`${vintage}/${series.id}.parquet`, parquet);
        const found = await query(
          `SELECT year, measure, sum(value::DECIMAL(18, 2))::DOUBLE AS total FROM '${path}' GROUP BY ALL HAVING total IS NOT NULL ORDER BY year, measure`,
        );
        expect([vintage, series.id, found]).toEqual([vintage, series.id, sumsOf(bytes, series.measures.length)]);
      }
    }
  });
});

/** Sums of a file's columns, from its text alone: an independent reading, as simple as the format allows. */
const sumsOf = (bytes: Buffer, measures: number) => {
  const [header = '', ...lines] = bytes.toString().trimEnd().split('\n');
  const delimiter = header.includes('\t') ? '\t' : ';';
  const labels = header.split(delimiter);
  const sums: { year: number; measure: string; total: number }[] = [];
  for (const [cell, label] of labels.entries()) {
    if (!/^\d{4}$/.test(label)) continue;
    const texts = lines.map((line) => line.split(delimiter)[cell] ?? '').filter((text) => /^[\d,]+$/.test(text));
    if (texts.length === 0) continue;
    const hundredths = texts.reduce((sum, text) => sum + Math.round(Number(text.replace(',', '.')) * 100), 0);
    const measure = measures === 2 && labels[cell - 1] === label ? 'value' : 'quantity';
    sums.push({ year: Number(label), measure, total: hundredths / 100 });
  }
  return sums.sort((a, b) => a.year - b.year || a.measure.localeCompare(b.measure));
};
