import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../support/http.ts';
import { type IrisRow, irisOf, ownIris } from '../support/iris.ts';
import { type Started, start } from '../support/service.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

let service: Started;
beforeAll(async () => {
  service = await start();
  await post(`${service.url}/model/load/`);
});
afterAll(() => service.stop());

const accuracy = async (rows: readonly IrisRow[]): Promise<number> => {
  const { body } = await post(
    `${service.url}/model/classify/`,
    rows.map(({ input }) => input),
  );
  const answers = (body.items as { class: string }[]).map((item) => item.class);
  return answers.filter((answer, index) => answer === rows[index]?.class).length / rows.length;
};

describe('the built-in iris model', () => {
  it('knows 147 of the 150 flowers that it was trained on', async () => {
    expect(await accuracy(ownIris())).toBe(0.98);
  });

  it.skipIf(!hasSharedData('iris/Iris.csv'))('knows 147 of the 150 flowers of Iris.csv (real data)', async () => {
    const rows = irisOf(join(sharedData, 'iris/Iris.csv'));
    expect(rows).toHaveLength(150);
    expect(await accuracy(rows)).toBe(0.98);
  });
});
