import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { convertPickle } from '../../src/sklearn/index.ts';
import { type Rows, runModel } from './run-model.ts';

/** Made by scripts/make_sklearn_fixtures.py: what scikit-learn itself answers. */
interface Expected {
  readonly sklearn: string;
  readonly datasets: Readonly<Record<string, Rows>>;
  readonly cases: Readonly<Record<string, ExpectedCase>>;
}

interface ExpectedCase {
  readonly data: string;
  /** Where it is not the one that made the fixtures. */
  readonly version?: string;
  readonly labels?: readonly (string | number)[];
  readonly probabilities?: readonly (readonly number[])[];
  readonly values?: readonly (readonly number[])[];
}

const folder = join(import.meta.dirname, 'fixtures');
// Python writes NaN, which is no JSON.
const text = gunzipSync(readFileSync(join(folder, 'expected.json.gz')))
  .toString()
  .replaceAll('NaN', 'null');
const expected = JSON.parse(text) as Expected;

describe(`agreement with scikit-learn ${expected.sklearn}`, () => {
  test.each(Object.entries(expected.cases))(
    '%s answers as scikit-learn does',
    { timeout: 60_000 },
    async (file, { data, ...answers }) => {
      const converted = await convertPickle(readFileSync(join(folder, file)));
      const rows = expected.datasets[data];
      if (rows === undefined) throw new Error(`no data set "${data}"`);
      const { labels, probabilities, values } = await runModel(converted, rows);

      expect(labels).toEqual(answers.labels ?? []);
      expect(converted.signature.hasProbabilities).toBe(answers.probabilities !== undefined);
      expect(largestGap(probabilities, answers.probabilities ?? [], () => 1)).toBeLessThanOrEqual(1e-5);
      expect(largestGap(values, answers.values ?? [], Math.abs)).toBeLessThanOrEqual(1e-5);
      expect(converted.origin.sklearnVersion).toBe(answers.version ?? expected.sklearn);
      expect(converted.origin.class).toMatch(/^sklearn\./);
    },
  );
});

/** The largest difference, divided by what `scale` makes of the expected number (1 at least). */
function largestGap(
  actual: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
  scale: (value: number) => number,
): number {
  expect(actual.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  let largest = 0;
  wanted.forEach((row, index) => {
    row.forEach((value, place) => {
      const gap = Math.abs((actual[index]?.[place] ?? Number.NaN) - value) / Math.max(scale(value), 1e-9);
      largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(largest, gap);
    });
  });
  return largest;
}
