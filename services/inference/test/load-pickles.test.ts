import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, type RunningService, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inference } from '../src/index.ts';
import { irisOf } from './support/iris.ts';
import { hasSharedData, sharedData } from './support/shared-data.ts';

const real = join(sharedData, 'iris');
const columns = ['SepalLengthCm', 'SepalWidthCm', 'PetalLengthCm', 'PetalWidthCm'];

let service: RunningService;
beforeAll(async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  service = await startService(inference, { environment: { PORT: '0', DATA_DIR: temporaryFolder() }, logger });
});
afterAll(() => service.stop());

const load = (bytes: Uint8Array, name: string) => {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  return fetch(`${service.url}/model/load/`, { method: 'POST', body: form });
};
const classify = async (values: readonly number[]) => {
  const response = await fetch(`${service.url}/model/classify/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, values[index]]))),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { class: string }).class;
};

describe('POST /model/load/ with a pickle', { timeout: 120_000 }, () => {
  it('refuses one that would run something, by its name, and goes on serving', async () => {
    const hostile = Buffer.from("cos\nsystem\n(S'touch /tmp/should-not-exist-vindima'\ntR.", 'latin1');
    const response = await load(hostile, 'model.pkl');
    expect(response.status).toBe(422);
    expect(((await response.json()) as { error: string }).error).toContain('os.system');
    expect(existsSync('/tmp/should-not-exist-vindima')).toBe(false);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  it('records where a converted model comes from', async () => {
    const fixture = new URL('./sklearn/fixtures/', import.meta.url);
    const name = readdirSync(fixture).find((file) => /\.(pkl|joblib)/.test(file));
    if (name === undefined) throw new Error('no fixture');
    const response = await load(readFileSync(new URL(name, fixture)), 'fixture.pkl');
    expect(response.status).toBe(200);
    const models = (await (await fetch(`${service.url}/models/fixture`)).json()) as object;
    expect(JSON.stringify(models)).toMatch(/"class":"sklearn\./);
  });

  // Real data, where it is at hand.
  describe.skipIf(!hasSharedData('iris/pkl'))('from others', () => {
    // A suite's body runs while tests are collected, also when it is skipped: what it reads has to be looked for.
    const files = hasSharedData('iris/pkl') ? readdirSync(join(real, 'pkl')).filter((name) => name !== 'refused') : [];

    it.each(files)('classifies with %s', async (name) => {
      const response = await load(readFileSync(join(real, 'pkl', name)), name);
      expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
      const rows = irisOf(join(real, 'Iris.csv'));
      const answers = await Promise.all(rows.map(({ input }) => classify(Object.values(input))));
      const right = answers.filter((answer, index) => answer === rows[index]?.class).length;
      // This SVC was trained on other units; scikit-learn itself gets 50 of the 150 with it.
      expect(right).toBeGreaterThanOrEqual(name.startsWith('svc_sklearn-0.24') ? 50 : 135);
    });

    it.each([
      ['keras.joblib', /keras/i],
      ['xgboost.pkl', /xgboost/],
      ['scaler-alone_sklearn-1.5.pkl', /StandardScaler|scaler/i],
    ])('refuses %s and says why', async (name, reason) => {
      const response = await load(readFileSync(join(real, 'pkl', 'refused', name)), name);
      expect(response.status).toBe(422);
      expect(((await response.json()) as { error: string }).error).toMatch(reason);
    });
  });
});
