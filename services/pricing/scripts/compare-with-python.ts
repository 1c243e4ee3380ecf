import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { converter } from '../src/money/convert.ts';
import { randomCases } from '../test/money/cases.ts';
import { written } from '../test/money/written.ts';

/** Compares conversions with Python's decimal module: `node services/pricing/scripts/compare-with-python.ts [cases] [seed]`. */
const [count = '10000', seed = '20250509'] = process.argv.slice(2);
const cases = randomCases(Number(count), Number(seed));
const { status, stdout, stderr } = spawnSync('python3', [join(import.meta.dirname, 'reference.py')], {
  input: cases.map((given) => JSON.stringify(given)).join('\n'),
  encoding: 'utf8',
  maxBuffer: 2 ** 30,
});
if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
const wanted: { amount: string; unrounded: string }[] = stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const different = cases.flatMap((given, index) => {
  const reference = wanted[index];
  return [converter(given.base, given.quote, given.currency)(given.amount), written(given)]
    .filter((got) => got !== undefined)
    .filter((got) => got.amount !== reference?.amount || got.unrounded !== reference?.unrounded)
    .map((got) => ({ given, got, reference }));
});
for (const difference of different.slice(0, 10)) console.log(JSON.stringify(difference));
console.log(`${cases.length} cases, ${different.length} different from Python's decimal`);
process.exitCode = different.length === 0 && wanted.length === cases.length ? 0 : 1;
