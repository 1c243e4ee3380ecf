import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convertPickle } from '../../src/sklearn/index.ts';
import { runModel } from './run-model.ts';

/** Pickles that others made with several versions, outside of the repository: `../shared/data`, or SHARED_DATA_DIR. */
const iris = join(process.env.SHARED_DATA_DIR ?? join(import.meta.dirname, '../../../../../shared/data'), 'iris');
const folder = join(iris, 'pkl');
const species = ['setosa', 'versicolor', 'virginica'];

/** How many of the 150 flowers each gets right. The SVC learned from other columns, and scikit-learn gets 50, too. */
const right: Readonly<Record<string, number>> = {
  'decision-tree_sklearn-0.24_pickle.pkl': 145,
  'knn_sklearn-0.23_joblib.pkl': 149,
  'logistic-regression_sklearn-0.23_joblib.joblib': 146,
  'logistic-regression_sklearn-1.7_joblib.pkl': 146,
  'pipeline-scaler-logistic-regression_sklearn-1.2_joblib.pkl': 146,
  'random-forest_sklearn-1.2_joblib.joblib': 150,
  'random-forest_sklearn-1.2_pickle.pkl': 150,
  'svc_sklearn-0.24_pickle.pkl': 50,
};

describe.skipIf(!existsSync(folder))('real pickles (skipped without ../shared/data)', () => {
  const flowers = existsSync(folder)
    ? readFileSync(join(iris, 'Iris.csv'), 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(','))
    : [];
  const rows = flowers.map((cells) => cells.slice(1, 5).map(Number));

  /** Labels are the names of species or their numbers in alphabetical order. */
  function countRight(labels: readonly (string | number)[]): number {
    return flowers.filter((cells, index) => {
      const name = cells[5]?.replace('Iris-', '') ?? '';
      return labels[index] === species.indexOf(name) || String(labels[index]).includes(name);
    }).length;
  }

  test('all of them are known here', () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file !== 'refused') : [];
    expect(files.sort()).toEqual(Object.keys(right).sort());
  });

  test.each(Object.entries(right))(
    '%s classifies %i of 150 flowers right',
    { timeout: 60_000 },
    async (file, count) => {
      const converted = await convertPickle(readFileSync(join(folder, file)));
      const { labels, probabilities } = await runModel(converted, rows);
      expect(countRight(labels)).toBe(count);
      expect(probabilities.every((row) => Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 1e-9)).toBe(true);
      expect(converted.origin.sklearnVersion).toContain(/sklearn-([\d.]+)_/.exec(file)?.[1] ?? 'none');
    },
  );

  test.each([
    ['keras.joblib', 'contains keras.src.saving.pickle_utils.deserialize_model_from_bytecode'],
    ['xgboost.pkl', 'contains xgboost.sklearn.XGBClassifier, which is not supported'],
    ['scaler-alone_sklearn-1.5.pkl', 'holds a StandardScaler alone, which prepares data and predicts nothing'],
  ])('%s is refused by name', async (file, reason) => {
    await expect(convertPickle(readFileSync(join(folder, 'refused', file)))).rejects.toMatchObject({
      status: 422,
      code: 'inference.unsupported_pickle',
      message: expect.stringContaining(reason),
    });
  });

  // Despite its name it has no class of its own: a grid search over polynomials, a scaler and a forest of 0.23.
  test('a grid search that is kept with the refused ones is converted, as all of its classes are supported', async () => {
    const converted = await convertPickle(readFileSync(join(folder, 'refused', 'custom-class_sklearn-0.23.pkl')));
    expect(converted.origin.class).toBe('sklearn.model_selection._search.GridSearchCV');
    expect(countRight((await runModel(converted, rows)).labels)).toBe(146);
  });
});
