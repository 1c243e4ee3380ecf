import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectModel } from '@vindima/onnx';
import { expect, test } from 'vitest';
import { convertPickle } from '../../src/sklearn/index.ts';
import { array, dtype, float64, object, op, pickle } from './opcodes.ts';
import { runModel } from './run-model.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

async function convertFixture(start: string) {
  const file = readdirSync(fixtures).find((candidate) => candidate.startsWith(`${start}.`));
  return convertPickle(readFileSync(join(fixtures, file ?? start)));
}

test('names of columns are taken over', async () => {
  const { signature } = await convertFixture('named-columns');
  expect(signature.named).toBe(true);
  expect(signature.features.map((feature) => feature.name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(signature.classes).toEqual(['setosa', 'versicolor', 'vírginica']);
});

test('columns of texts are inputs of their own, never with the name of an output', async () => {
  const { onnx, signature } = await convertFixture('wines-one-hot');
  expect(signature.features).toEqual([
    { name: 'alcohol', type: 'number', input: 'alcohol' },
    { name: 'grape', type: 'text', input: 'grape' },
    { name: 'sugar', type: 'number', input: 'sugar' },
    { name: 'colour', type: 'text', input: 'colour' },
    { name: 'value', type: 'number', input: 'value_' },
  ]);
  expect(inspectModel(onnx).inputs.map((input) => input.name)).toEqual(signature.features.map(({ input }) => input));
});

test('the model tells where it comes from', async () => {
  const { onnx, origin } = await convertFixture('grid-search');
  expect(origin).toMatchObject({
    class: 'sklearn.model_selection._search.GridSearchCV',
    sklearnVersion: '1.2.1',
  });
  expect(inspectModel(onnx)).toMatchObject({
    opsets: { '': 21, 'ai.onnx.ml': 3 },
    metadata: { 'origin.class': origin.class, 'origin.sha256': origin.sha256, 'origin.sklearn_version': '1.2.1' },
  });
});

test('classes that are integers answer with integers, others with texts', async () => {
  expect((await convertFixture('svc-five-linear')).signature.classes).toEqual([-2, -1, 0, 1, 2]);
  expect((await convertFixture('logistic-booleans')).signature.classes).toEqual(['False', 'True']);
  expect((await convertFixture('ridge-pairs')).signature).toMatchObject({
    task: 'regression',
    classes: null,
    targets: 2,
  });
});

test('a LabelEncoder before a model turns texts into their places', async () => {
  const list = pickle('(', op.unicode('red'), op.unicode('white'), 'l');
  const classes = pickle(
    'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85C\x01btR(K\x01K\x02\x85',
    ...[dtype('O8', '|'), op.isFalse, list, 'tb'],
  );
  const encoder = object('sklearn.preprocessing._label', 'LabelEncoder', { classes_: classes });
  const model = object('sklearn.linear_model._base', 'LinearRegression', {
    coef_: array(dtype('f8'), [1], float64([2])),
    intercept_: pickle('G', Buffer.from([0x3f, 0xf8, 0, 0, 0, 0, 0, 0])),
  });
  const steps = pickle('(', op.unicode('encode'), encoder, op.tuple(2), op.unicode('model'), model, op.tuple(2), 'l');
  const pipeline = object('sklearn.pipeline', 'Pipeline', { steps, n_features_in_: op.integer(1) });
  const converted = await convertPickle(pickle(op.proto(2), pipeline, op.stop));
  const { values } = await runModel(converted, { feature_0: ['white', 'red', 'white'] });
  expect(values).toEqual([[3.5], [1.5], [3.5]]);
});

test('weights for another number of columns are refused, before a runtime could read beyond a row', async () => {
  const model = object('sklearn.linear_model._base', 'LinearRegression', {
    coef_: array(dtype('f8'), [1], float64([2])),
    intercept_: array(dtype('f8'), [1], float64([0])),
    n_features_in_: op.integer(3),
  });
  await expect(convertPickle(pickle(model, op.stop))).rejects.toThrow('for 1 columns that gets 3');
});
