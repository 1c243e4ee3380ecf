import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, post, postText, uploadFile } from '../support/http.ts';
import { type Started, start } from '../support/service.ts';

interface Expected {
  readonly rows: Record<string, unknown>[];
  readonly prediction: unknown[];
  readonly probabilities: number[][] | null;
}

const folder = new URL('./tables/', import.meta.url);
/** Made by scripts/make_table_fixtures.py: what scikit-learn itself answers. */
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>;

describe('models of tables with texts and missing values', () => {
  let service: Started;
  beforeAll(async () => {
    service = await start();
    for (const name of Object.keys(expected)) {
      const { status, body } = await uploadFile(
        `${service.url}/models`,
        readFileSync(new URL(`${name}.pkl`, folder)),
        `${name}.pkl`,
      );
      expect([name, status, body.error]).toEqual([name, 201, undefined]);
    }
  });
  afterAll(() => service.stop());

  const ask = (name: string, row: object, door = 'classify'): Promise<Answer> =>
    post(`${service.url}/models/${name}/${door}`, row);

  it.each(Object.entries(expected))('%s answers as scikit-learn does', async (name, { rows, ...wanted }) => {
    const { status, body } = await ask(name, { rows }, 'predict');
    expect([status, body.failed]).toEqual([200, 0]);
    const items = body.items as { prediction: unknown; probabilities?: Record<string, number> }[];
    for (const [index, item] of items.entries()) {
      const prediction = wanted.prediction[index];
      if (wanted.probabilities === null) {
        for (const [place, value] of (prediction as number[]).entries()) {
          expect((item.prediction as number[])[place]).toBeCloseTo(value, 6);
        }
        continue;
      }
      expect(item.prediction).toBe(prediction);
      for (const [place, share] of (wanted.probabilities[index] ?? []).entries()) {
        expect(item.probabilities?.[place]).toBeCloseTo(share, 5);
      }
    }
  });

  it('absent, null and the empty text are three things', async () => {
    const [row] = expected['empty-text']?.rows ?? [];
    const shareOf = async (grape: object) => {
      const { body } = await ask('empty-text', { price: 10, ...grape });
      return [(body.probabilities as Record<string, number>)['1'], body.warnings];
    };
    const [empty, warned] = await shareOf({ grape: row?.grape });
    expect(empty).toBeCloseTo(expected['empty-text']?.probabilities?.[0]?.[1] ?? 0, 5);
    expect(warned).toBeUndefined();
    const [missing, warnings] = await shareOf({ grape: null });
    expect(missing).not.toBeCloseTo(Number(empty), 3);
    expect(warnings).toEqual(['grape is none of the categories that the model knows']);
    expect(await shareOf({})).toEqual([missing, warnings]);
    const csv = await postText(`${service.url}/models/empty-text/classify`, 'text/csv', 'price,grape\n10,\n10,""\n');
    const shares = (csv.body.items as { probabilities: Record<string, number> }[]).map(
      (item) => item.probabilities['1'],
    );
    expect(shares).toEqual([missing, empty]);
  });

  it('a category that was not there in training is refused where the encoder refuses it, else warned of', async () => {
    const { status, body } = await ask('strict', { price: 1, grape: 'Merlot' });
    expect([status, body.error]).toEqual([422, expect.stringContaining('grape is none of the categories')]);
    expect((await ask('strict', { price: 1, grape: null })).status).toBe(422);
    const ignored = await ask('empty-text', { price: 1, grape: 'Merlot' });
    expect(ignored.body.warnings).toEqual(['grape is none of the categories that the model knows']);
    const inputs = [
      { name: 'price', datatype: 'FP64', shape: [1, 1], data: [null] },
      { name: 'grape', datatype: 'BYTES', shape: [1, 1], data: ['Merlot'] },
    ];
    expect((await post(`${service.url}/v2/models/strict/infer`, { inputs })).status).toBe(400);
    const tensors = await post(`${service.url}/v2/models/empty-text/infer`, { inputs });
    expect(tensors.body.parameters).toEqual({ warnings: ['grape is none of the categories that the model knows'] });
  });

  it('columns that the model drops may be anything or nothing, others only where it knows what is missing', async () => {
    const answers = [{ note: 'x' }, { note: 7 }, { note: null }, {}].map((note) =>
      ask('ordinal', { grape: 'Syrah', ...note }),
    );
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    expect((await ask('holes', { stars: 1 })).status).toBe(200);
    expect((await ask('holes', { stars: 1, price: 'x' })).body.error).toContain('price must be a number');
    expect((await ask('boosted', { stars: null })).body.error).toContain('stars must be a number');
    expect((await ask('boosted', {})).body.error).toContain('stars is required');
    expect((await ask('boosted', { stars: true })).status).toBe(200);
  });

  it('fields that the model does not know are refused or ignored, as asked', async () => {
    expect((await ask('boosted', { stars: 1, more: 1 })).body.error).toContain('more is not known');
    expect((await post(`${service.url}/models/boosted/classify?extra=ignore`, { stars: 1, more: 1 })).status).toBe(200);
    const csv = 'stars,more\n1,2\n';
    expect((await postText(`${service.url}/models/boosted/classify`, 'text/csv', csv)).body.failed).toBe(0);
    const strict = await postText(`${service.url}/models/boosted/classify?extra=refuse`, 'text/csv', csv);
    expect(strict.body.failed).toBe(1);
  });

  it('a regressor of two values tells no class, and both values', async () => {
    expect((await ask('two-targets', { stars: 2 })).body.code).toBe('inference.not_a_classifier');
    const { body } = await ask('two-targets', [[2], [3]], 'predict');
    const values = (body.items as { prediction: number[] }[]).map(({ prediction }) => prediction.map(Math.round));
    expect(values).toEqual([
      [20, -2],
      [30, -3],
    ]);
  });
});
