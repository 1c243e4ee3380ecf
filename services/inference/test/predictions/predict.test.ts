import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { jobEvents, type PredictionResult, predictDataset } from '@vindima/contracts';
import { type ObjectStore, openObjectStore } from '@vindima/object-store';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post } from '../support/http.ts';
import { ownIris } from '../support/iris.ts';
import { type Started, start, until } from '../support/service.ts';

const rows = ownIris();
const csv = [
  'Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Note',
  ...rows.map(({ input }, index) => [index + 1, ...Object.values(input), index === 0 ? '"a, b"' : 'x'].join(',')),
  '151,5.1,,1.4,0.2,incomplete',
].join('\n');

/** The rows of a Parquet file. */
const readParquet = async (bytes: Uint8Array): Promise<Record<string, unknown>[]> => {
  const { writeFileSync } = await import('node:fs');
  const file = join(mkdtempSync(join(temporaryFolder(), 'parquet-')), 'file.parquet');
  writeFileSync(file, bytes);
  const connection = await (await DuckDBInstance.create()).connect();
  const result = await connection.runAndReadAll(`select * from '${file}'`);
  return result.getRowObjects();
};

describe('a file of the lake', () => {
  let service: Started;
  let lake: ObjectStore;
  beforeAll(async () => {
    service = await start();
    await post(`${service.url}/model/load/`);
    lake = await openObjectStore(`file:${join(service.folder, 'lake')}`);
    await lake.put('uploads/iris.csv', Buffer.from(csv));
  });
  afterAll(async () => {
    await lake.close();
    await service.stop();
  });

  const finish = async (location: string) =>
    until(async () => {
      const { body } = await get(`${service.url}${location}`);
      return body.finished_at !== null && body;
    });

  it('is classified row by row into a Parquet file with a manifest, and that file again', async () => {
    const { status, headers } = await post(`${service.url}/predictions`, { object_key: 'uploads/iris.csv' });
    expect(status).toBe(202);
    const job = await finish(headers.get('location') ?? '');
    expect(job.error).toBeNull();
    const result = job.result as PredictionResult;
    expect(result).toMatchObject({ model: { name: 'iris', version: 1 }, rows: 151, failed_rows: 1 });
    expect(result.object_key).toMatch(
      /^inference\/predictions\/iris\/processing_date=\d{4}-\d\d-\d\d\/inference-[\w-]+\.parquet$/,
    );
    const parquet = await lake.get(result.object_key);
    expect(createHash('sha256').update(parquet).digest('hex')).toBe(result.sha256);
    expect(JSON.parse(String(await lake.get('inference/predictions/iris/_manifest.json')))).toEqual(result);
    const table = await readParquet(parquet);
    expect(table).toHaveLength(151);
    expect(table[0]).toMatchObject({
      Id: 1n,
      SepalLengthCm: 5.1,
      Note: 'a, b',
      prediction: 'Iris-setosa',
      error: null,
    });
    expect(table.filter((row, index) => row.prediction === rows[index]?.class)).toHaveLength(147);
    expect(table[150]).toMatchObject({ prediction: null, error: expect.stringContaining('SepalWidthCm is required') });

    const again = await post(`${service.url}/predictions`, { object_key: result.object_key });
    const second = (await finish(again.headers.get('location') ?? '')).result as PredictionResult;
    const [first] = await readParquet(await lake.get(second.object_key));
    expect(Object.keys(first ?? {})).toEqual(expect.arrayContaining(['prediction', 'prediction_2', 'error_2']));
  });

  it('is classified when a command asks for it', async () => {
    await service.send(predictDataset, { object_key: 'uploads/iris.csv', model: 'iris', version: 1 });
    const { finished } = jobEvents('inference');
    const event = await until(() => service.heard(finished).find(({ kind }) => kind === 'inference.predict'));
    expect(event.state).toBe('succeeded');
  });

  it.each([
    ['uploads/nothing.csv', 'a,b\n1,2\n', 'inference.missing_columns'],
    ['uploads/broken.parquet', 'PAR1 and nothing more', 'inference.invalid_dataset'],
    ['uploads/none.csv', undefined, 'inference.unknown_object'],
  ])('%s fails the job with the reason', async (key, content, code) => {
    if (content !== undefined) await lake.put(key, Buffer.from(content));
    const { headers } = await post(`${service.url}/predictions`, { object_key: key });
    const job = await finish(headers.get('location') ?? '');
    expect(job).toMatchObject({ state: 'failed', error: { code } });
  });
});
