/**
 * Fits the local tagger's calibration on the labelled photographs and prints what its confidence is worth.
 *
 *   node services/images/scripts/calibrate.ts [data folder]     (default ../shared/data)
 *
 * A tag is right when the photograph is known to show it. The photographs are split into folds, by photograph: every figure of the
 * table is of photographs that the regression had not seen. The constants printed last are fitted on all of them.
 */

import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPicture } from '../src/picture/read-picture.ts';
import { cachedCenterNet } from '../src/tagging/centernet/cached-model.ts';
import { featuresOf } from '../src/tagging/centernet/calibration.ts';
import { pictureEdge, prepareInput } from '../src/tagging/centernet/prepare-input.ts';
import { readEvidence } from '../src/tagging/centernet/read-evidence.ts';
import { createInference } from '../src/tagging/local/inference.ts';
import { fitLogisticRegression, logistic, type Observation } from './calibration/logistic-regression.ts';
import { type Photograph, readPhotographs } from './calibration/photographs.ts';

interface Candidate extends Observation {
  readonly photograph: number;
  readonly label: string;
  readonly isSubject: boolean;
}

const dataFolder = process.argv[2] ?? '../shared/data';
const photographs = await readPhotographs(dataFolder);
const subjects = photographs.filter(({ subject }) => subject !== undefined).length;

const collect = async (): Promise<Candidate[]> => {
  const { path } = await cachedCenterNet(join(tmpdir(), 'vindima-models'));
  const inference = await createInference({ modelPath: path });
  const candidates: Candidate[] = [];
  for (const [index, photograph] of photographs.entries()) {
    const bytes = await readFile(join(dataFolder, 'photos', photograph.file));
    const { preview } = await readPicture(bytes, { maximumPixels: 50_000_000, previewEdge: pictureEdge });
    candidates.push(...judge(index, photograph, await inference.run(await prepareInput(preview))));
  }
  await inference.close();
  return candidates;
};

const judge = (index: number, { subject, visible }: Photograph, output: Float32Array): Candidate[] =>
  readEvidence(output).map((evidence) => ({
    photograph: index,
    label: evidence.label,
    features: featuresOf(evidence),
    outcome: visible.has(evidence.label),
    isSubject: evidence.label === subject,
  }));

/** A permutation of the photographs that is the same each time (a linear congruential generator, Numerical Recipes). */
const shuffled = (seed: number): number[] => {
  let state = seed;
  return photographs
    .map((_, index) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return { index, key: state };
    })
    .sort((one, other) => one.key - other.key)
    .map(({ index }) => index);
};

const folds = 5;
const repetitions = 10;

/** Every candidate with the probability that a regression gives it which did not see its photograph. */
const crossValidate = (
  candidates: readonly Candidate[],
  seed: number,
): { candidate: Candidate; probability: number }[] => {
  const order = shuffled(seed);
  const foldOf = new Map(order.map((photograph, position) => [photograph, position % folds]));
  return Array.from({ length: folds }, (_, fold) => {
    const weights = fitLogisticRegression(candidates.filter(({ photograph }) => foldOf.get(photograph) !== fold));
    return candidates
      .filter(({ photograph }) => foldOf.get(photograph) === fold)
      .map((candidate) => ({ candidate, probability: logistic(weights, candidate.features) }));
  }).flat();
};

const candidates = await collect();
const runs = Array.from({ length: repetitions }, (_, seed) => crossValidate(candidates, seed + 1));
const judged = runs.flat();

console.log(
  `${photographs.length} photographs, ${subjects} with a COCO subject; ${folds} folds, ${repetitions} times\n`,
);
console.log('| confidence | tags | mean confidence | right |\n|---|---|---|---|');
for (const [from, to] of [
  [95, 100],
  [90, 95],
  [80, 90],
  [70, 80],
  [60, 70],
  [50, 60],
  [30, 50],
  [10, 30],
] as const) {
  const band = judged.filter(
    ({ probability }) => probability * 100 >= from && probability * 100 < to + (to === 100 ? 1 : 0),
  );
  const mean = band.reduce((sum, { probability }) => sum + probability, 0) / band.length;
  const right = band.filter(({ candidate }) => candidate.outcome).length / band.length;
  console.log(
    `| ${from} to ${to} | ${(band.length / repetitions).toFixed(1)} | ${(100 * mean).toFixed(1)} | ${(100 * right).toFixed(1)} % |`,
  );
}
console.log('\n| threshold | tags right | subjects found |\n|---|---|---|');
for (const threshold of [90, 80, 70, 60, 50]) {
  const given = judged.filter(({ probability }) => probability * 100 > threshold);
  const right = given.filter(({ candidate }) => candidate.outcome).length / given.length;
  const found = given.filter(({ candidate }) => candidate.isSubject).length / repetitions / subjects;
  console.log(`| ${threshold} | ${(100 * right).toFixed(1)} % | ${(100 * found).toFixed(1)} % |`);
}
const [intercept = 0, score = 0, rival = 0, again = 0, area = 0] = fitLogisticRegression(candidates).map(
  (weight) => Math.round(weight * 1000) / 1000,
);
console.log(`\ncenterNetCalibration = ${JSON.stringify({ intercept, score, rival, again, area })}`);
const fitted = candidates.filter(({ features }) => logistic([intercept, score, rival, again, area], features) > 0.8);
const found = fitted.filter(({ isSubject }) => isSubject).length / subjects;
const right = fitted.filter(({ outcome }) => outcome).length / fitted.length;
console.log(
  `with them, above 80: ${(100 * right).toFixed(1)} % of ${fitted.length} tags right, ${(100 * found).toFixed(1)} % of the subjects found`,
);
