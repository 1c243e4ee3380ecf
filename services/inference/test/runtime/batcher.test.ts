import type { InferenceBatching, InferenceSignature } from '@vindima/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBatcher } from '../../src/runtime/batcher.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { type RowRange, takeRows } from '../../src/tensors/rows.ts';
import type { Tensors } from '../../src/tensors/tensor.ts';
import { lookupModel, scalingModel } from '../support/models.ts';

let runtime: Runtime;
beforeAll(() => {
  runtime = createRuntime({ workers: 2, threads: 1, limits: { milliseconds: 10_000, bytes: 2 ** 29 }, loadMs: 60_000 });
});
afterAll(() => runtime.close());

const rowsOf = ({ tensors, start, rows, alone }: RowRange): Tensors =>
  alone ? tensors : takeRows(tensors, start, rows);

const row = (...values: number[]): Tensors => ({
  x: { datatype: 'FP32', dims: [1, 2], data: Float32Array.from(values) },
});
const signature = (batching: InferenceSignature['batching'], rows: number) => ({
  batching,
  inputs: [{ name: 'x', datatype: 'FP32' as const, shape: [rows, 2] }],
});

/** A batcher around a real model that notes how many rows ran together. */
const make = async (
  model: Uint8Array,
  about: Pick<InferenceSignature, 'batching' | 'inputs'>,
  batching: InferenceBatching = { max_batch: 16, max_wait_ms: 5 },
  maximumQueue = 1000,
) => {
  const running = await runtime.load(model);
  const runs: number[] = [];
  const batcher = createBatcher({
    signature: about,
    batching: () => batching,
    maximumQueue,
    run: (feeds, rows, chunk) => {
      runs.push(rows);
      return running.run(feeds, rows, chunk);
    },
  });
  return { batcher, runs };
};

describe('batching', () => {
  it('puts rows of many callers together and gives each its own answer', async () => {
    const { batcher, runs } = await make(scalingModel(10), signature('any', -1));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => batcher.run(row(index, -index), 1)));
    expect(answers.map((answer) => Array.from(rowsOf(answer).y?.data as Float32Array))).toEqual(
      Array.from({ length: 100 }, (_, index) => [index * 10, -index * 10]),
    );
    expect(runs.length).toBeLessThan(20);
    expect(Math.max(...runs)).toBe(16);
    expect(batcher.rows).toBe(0);
  });

  it('runs a row that comes alone at once, and those that come soon after it together', async () => {
    const { batcher, runs } = await make(scalingModel(1), signature('any', -1), { max_batch: 16, max_wait_ms: 1000 });
    const begun = performance.now();
    await batcher.run(row(1, 1), 1);
    expect(performance.now() - begun).toBeLessThan(900);
    const later: Promise<unknown>[] = [];
    for (let index = 0; index < 3; index++) {
      later.push(batcher.run(row(index, index), 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(later);
    expect(runs).toEqual([1, 3]);
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it('keeps no row waiting for others that it cannot run with', async () => {
    const { batcher, runs } = await make(scalingModel(1), signature('none', -1), { max_batch: 16, max_wait_ms: 1000 });
    const begun = performance.now();
    for (let index = 0; index < 3; index++) await batcher.run(row(index, index), 1);
    expect(runs).toEqual([1, 1, 1]);
    expect(performance.now() - begun).toBeLessThan(900);
  });

  it('runs a model of one row, and one of three, row by row and in threes', async () => {
    for (const rows of [1, 3]) {
      const { batcher } = await make(scalingModel(2, rows), signature(rows === 1 ? 'one' : 'fixed', rows));
      const answers = await Promise.all(Array.from({ length: 7 }, (_, index) => batcher.run(row(index, index), 1)));
      expect(answers.map((answer) => rowsOf(answer).y?.data[0])).toEqual([0, 2, 4, 6, 8, 10, 12]);
    }
  });

  it('fails only the caller whose row cannot be computed', async () => {
    const about = { batching: 'any' as const, inputs: [{ name: 'index', datatype: 'INT64' as const, shape: [-1, 1] }] };
    const { batcher } = await make(lookupModel(), about);
    const results = await Promise.allSettled(
      [0n, 1n, 99n, 2n].map((index) =>
        batcher.run({ index: { datatype: 'INT64', dims: [1, 1], data: BigInt64Array.of(index) } }, 1),
      ),
    );
    expect(
      results.map((result) => (result.status === 'fulfilled' ? rowsOf(result.value).found?.data[0] : 'failed')),
    ).toEqual([10, 20, 'failed', 30]);
    expect(results[2]).toMatchObject({ reason: { status: 422, code: 'inference.run_failed' } });
  });

  it('refuses what is too much with 429 and Retry-After, and answers the rest', async () => {
    const { batcher } = await make(scalingModel(1), signature('any', -1), { max_batch: 4, max_wait_ms: 0 }, 10);
    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, index) => batcher.run(row(index, 0), 1)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBe(20);
    expect(refused[0]).toMatchObject({ reason: { status: 429, code: 'inference.busy' } });
    expect(Number(refused[0]?.reason.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(rowsOf(await batcher.run(row(5, 0), 1)).y?.data[0]).toBe(5);
  });

  it('keeps the service responsive while a model runs', async () => {
    const { batcher } = await make(scalingModel(1), signature('any', -1));
    // Long enough on a fast machine too.
    const rows = 3_000_000;
    const data = new Float32Array(2 * rows).fill(1);
    let turns = 0;
    let running = true;
    const count = () => {
      turns += 1;
      if (running) setImmediate(count);
    };
    count();
    await batcher.run({ x: { datatype: 'FP32', dims: [rows, 2], data } }, rows);
    running = false;
    expect(turns).toBeGreaterThan(2);
  });
});
