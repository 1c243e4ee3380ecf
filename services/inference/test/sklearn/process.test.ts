import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convertPickle, convertPickleInProcess } from '../../src/sklearn/index.ts';
import { pickle } from './opcodes.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const forest = readFileSync(
  join(fixtures, readdirSync(fixtures).find((file) => file.startsWith('forest-ruler')) ?? ''),
);
const patience = 120_000;

test('a process of its own converts as this one does', { timeout: patience }, async () => {
  const here = await convertPickle(forest);
  const there = await convertPickleInProcess(forest);
  expect(there.origin).toEqual(here.origin);
  expect(there.signature).toEqual(here.signature);
  expect(Buffer.compare(there.onnx, here.onnx)).toBe(0);
});

test('what it refuses comes back as the same error', { timeout: patience }, async () => {
  await expect(convertPickleInProcess(pickle('cos\nsystem\n.'))).rejects.toMatchObject({
    status: 422,
    code: 'inference.unsupported_pickle',
    message: 'The file contains os.system, which is not supported.',
    details: { global: 'os.system' },
  });
});

test('a file that takes all memory is refused, and this process lives on', { timeout: patience }, async () => {
  // Every empty dictionary is one byte of file and two hundred of memory.
  const many = pickle('(', '}'.repeat(15_000_000), 't.');
  await expect(convertPickleInProcess(many, { maxMemory: 64 })).rejects.toMatchObject({
    status: 422,
    code: 'inference.pickle_limit_exceeded',
    message: expect.stringContaining('64 MiB of memory'),
  });
});

test('it can be stopped', { timeout: patience }, async () => {
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(convertPickleInProcess(forest, { signal: stopped })).rejects.toThrow('enough');
  const controller = new AbortController();
  const converting = convertPickleInProcess(forest, { signal: controller.signal });
  controller.abort(new Error('too slow'));
  await expect(converting).rejects.toThrow('too slow');
});
