import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { jobEvents, type PredictionResult, predictDataset } from '@vindima/contracts';
import { type ObjectStore, openObjectStore } from '@vindima/object-store';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, uploadFile } from '../support/http.ts';
import { ownIris } from '../support/iris.ts';
import { constantModel } from '../support/models.ts';
import { type Started, start, until } from '../support/service.ts';

// More than DuckDB hands over at once.
const rows = Array.from({ length: 20 }, ownIris).flat();
const csv = [
  'Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Note',
  ...rows.map(({ input }, index) => [index + 1, ...Object.values(input), index === 0 ? '"a, b"' : 'x'].join(',')),
  '3001,5.1,,1.4,0.2,incomplete',
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

  it('says of a text where a number is wanted that it is none, and not that it is missing', async () => {
    const header = 'SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm';
    await lake.put('uploads/text.csv', Buffer.from(`${header}\n5.1,abc,1.4,0.2\n5.1,3.5,1.4,0.2\n`));
    const { headers } = await post(`${service.url}/predictions`, { object_key: 'uploads/text.csv' });
    const { result } = await finish(headers.get('location') ?? '');
    const [wrong, right] = await readParquet(await lake.get((result as PredictionResult).object_key));
    expect(right?.prediction).toBe('Iris-setosa');
    expect(wrong?.prediction).toBeNull();
    expect(wrong?.error).toContain('SepalWidthCm');
    expect(wrong?.error).not.toContain('is required');
  });

  it('is classified row by row into a Parquet file with a manifest, and that file again', async () => {
    const { status, headers } = await post(`${service.url}/predictions`, { object_key: 'uploads/iris.csv' });
    expect(status).toBe(202);
    const job = await finish(headers.get('location') ?? '');
    expect(job.error).toBeNull();
    const result = job.result as PredictionResult;
    expect(result).toMatchObject({ model: { name: 'iris', version: 1 }, rows: 3001, failed_rows: 1 });
    expect(result.object_key).toMatch(
      /^inference\/predictions\/iris\/processing_date=\d{4}-\d\d-\d\d\/inference-[\w-]+\.parquet$/,
    );
    const parquet = await lake.get(result.object_key);
    expect(createHash('sha256').update(parquet).digest('hex')).toBe(result.sha256);
    expect(JSON.parse(String(await lake.get('inference/predictions/iris/_manifest.json')))).toEqual(result);
    const table = await readParquet(parquet);
    expect(table).toHaveLength(3001);
    expect(table[0]).toMatchObject({
      Id: 1n,
      SepalLengthCm: 5.1,
      Note: 'a, b',
      prediction: 'Iris-setosa',
      error: null,
    });
    expect(table.filter((row, index) => row.prediction === rows[index]?.class)).toHaveLength(147 * 20);
    expect(table[3000]).toMatchObject({ prediction: null, error: expect.stringContaining('SepalWidthCm is required') });

    const again = await post(`${service.url}/predictions`, { object_key: result.object_key });
    const second = (await finish(again.headers.get('location') ?? '')).result as PredictionResult;
    const [first] = await readParquet(await lake.get(second.object_key));
    expect(Object.keys(first ?? {})).toEqual(expect.arrayContaining(['prediction', 'prediction_2', 'error_2']));
  });

  it('is classified when a command asks for it', async () => {
    await service.send(predictDataset, { object_key: 'uploads/iris.csv', model: 'iris', version: 1 });
    const { finished } = jobEvents('inference');
    const event = await until(() => service.heard(finished).find(({ command_id }) => typeof command_id === 'string'));
    expect(event).toMatchObject({ state: 'succeeded', kind: 'inference.predict' });
    const [key = ''] = event.outputs?.objects ?? [];
    expect(await lake.head(key)).toBeDefined();
    const { body } = await get(`${service.url}/jobs?command_id=${event.command_id}`);
    expect((body.items as { id: string }[]).map(({ id }) => id)).toEqual([event.id]);
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

describe('a stop in the middle of a job', () => {
  it('ends well, and the job is done after the next start', async () => {
    const first = await start();
    // It takes one row at a time, so that the job takes its time.
    const metadata = JSON.stringify({ labels: ['red', 'white'] });
    await uploadFile(`${first.url}/models`, constantModel(2, 1, 1), 'slow.onnx', { metadata });
    const lake = await openObjectStore(`file:${join(first.folder, 'lake')}`);
    const rowsOfFile = 100_000;
    const lines = Array.from({ length: rowsOfFile }, (_, index) => index);
    await lake.put('uploads/long.csv', Buffer.from(['feature_0', ...lines].join('\n')));
    const request = { object_key: 'uploads/long.csv', model: 'slow' };
    const location = (await post(`${first.url}/predictions`, request)).headers.get('location') ?? '';
    const jobOf = async (service: Started) => (await get(`${service.url}${location}`)).body;
    const running = await until(async () => {
      const job = await jobOf(first);
      return Number(job.progress) > 0 && job;
    });
    expect(running.state).toBe('running');
    await first.stop();

    const second = await start({ DATA_DIR: first.folder });
    const job = await until(async () => {
      const body = await jobOf(second);
      return body.finished_at !== null && body;
    });
    await second.stop();
    expect(job).toMatchObject({ state: 'succeeded', error: null });
    const result = job.result as PredictionResult;
    expect(result).toMatchObject({ rows: rowsOfFile, failed_rows: 0, classes: { white: rowsOfFile } });
    expect((await lake.head(result.object_key))?.size).toBe(result.bytes);
    await lake.close();
  });
});
