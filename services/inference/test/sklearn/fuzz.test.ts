import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { type ConvertedPickle, convertPickle } from '../../src/sklearn/index.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const limits = {
  maxOperations: 1_000_000,
  maxMilliseconds: 5_000,
  maxColumns: 2_000,
  maxUncompressedBytes: 20_000_000,
};

/** Numbers from 0 to `below`, the same ones in every run (Numerical Recipes' generator). */
function createRandom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Changes, removes, doubles or inserts some bytes. */
function mutate(original: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let change = 0; change <= random(4); change += 1) {
    const start = random(bytes.length);
    const length = 1 + random(8);
    const kind = random(5);
    const inserted = Buffer.from(Array.from({ length }, () => random(256)));
    if (kind === 0) inserted.copy(bytes, start);
    else if (kind === 1) bytes[start] = (bytes[start] ?? 0) ^ (1 << random(8));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start)]);
    else bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(random(start + 1))]);
  }
  return bytes;
}

/** Loads and runs what came of a changed pickle: the runtime may refuse it, and must survive it. */
async function tryToRun({ onnx, signature }: ConvertedPickle): Promise<void> {
  try {
    const session = await InferenceSession.create(onnx, { logSeverityLevel: 4 });
    const width = signature.features.length;
    const text = signature.features.some((feature) => feature.type === 'text');
    if (!text) await session.run({ features: new Tensor('float64', new Float64Array(3 * width), [3, width]) });
    await session.release();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
  }
}

test('changed pickles are refused or converted, and nothing else happens', async () => {
  const random = createRandom(20_240_701);
  const files = readdirSync(fixtures).filter((file) => /\.(pkl|pickle|joblib)$/.test(file));
  const outcomes = new Map<string, number>();
  const before = process.memoryUsage().rss;
  for (const file of files) {
    const original = readFileSync(join(fixtures, file));
    for (let round = 0; round < 12; round += 1) {
      const outcome = await attempt(mutate(original, random));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  const allowed = ['converted', 'invalid_pickle', 'pickle_limit_exceeded', 'unsupported_pickle'];
  for (const outcome of outcomes.keys()) expect(outcome.replace('inference.', '')).toBeOneOf(allowed);
  // Some bytes are weights, which may change without harm; most changes are seen.
  expect(outcomes.get('converted')).toBeGreaterThan(0);
  expect(outcomes.get('inference.invalid_pickle')).toBeGreaterThan(outcomes.get('converted') ?? 0);
  expect(process.memoryUsage().rss - before).toBeLessThan(1024 ** 3);
}, 300_000);

async function attempt(bytes: Uint8Array): Promise<string> {
  try {
    await tryToRun(await convertPickle(bytes, { limits }));
    return 'converted';
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // Broken compression has a cause; anything else that has one is a mistake of the reader that was caught.
    if (error.cause !== undefined && !error.message.includes('data is broken')) throw error.cause;
    return error.code;
  }
}
