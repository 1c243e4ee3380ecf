import { gzipSync } from 'node:zlib';
import type { Client, Said } from './client.ts';

/** What came of a case: right, or what was answered instead. */
export interface Verdict {
  readonly right: boolean;
  readonly said: string;
}

export type Judge = (client: Client) => Promise<Verdict>;

const show = ({ status, body }: Said) => `${status} ${JSON.stringify(body)}`.slice(0, 160);
const verdict = (right: boolean, said: Said | string): Verdict => ({
  right,
  said: typeof said === 'string' ? said : show(said),
});
const near = (value: unknown, wanted: number, within = 5e-4) =>
  typeof value === 'number' && Math.abs(value - wanted) <= within;
const tensors = (...inputs: readonly (readonly [string, readonly number[], string, unknown[]])[]) => ({
  inputs: inputs.map(([name, shape, datatype, data]) => ({ name, shape, datatype, data })),
});

const accepted =
  (file: string): Judge =>
  async (client) => {
    const said = await client.upload(file, 'accepted');
    return verdict(said.status === 201 || said.status === 200, said);
  };

/** Asks a row of an uploaded model at the plain door. */
const classified =
  (file: string, row: unknown, isRight: (said: Said) => boolean): Judge =>
  async (client) => {
    const up = await client.upload(file, file.split('.')[0] ?? 'model');
    if (up.status >= 400) return verdict(false, up);
    const said = await client.post(`/models/${file.split('.')[0]}/classify`, row);
    return verdict(isRight(said), said);
  };

const refusedAsOtherKind = ({ status, body }: Said) => status === 422 && /not_a_classifier/.test(String(body?.code));

const a = [0.9, 0.1, 0.8, 0.2];
const loud = [900, -700, 500, 300];

const nameOf = (file: string) => file.split('.')[0] ?? 'model';

const neighbours =
  (file: string, input: string): Judge =>
  async (client) => {
    const up = await client.upload(file, nameOf(file));
    if (up.status >= 400) return verdict(false, up);
    const width = up.body.signature.inputs[0].shape[1];
    const ask = async (row: readonly number[]) =>
      JSON.stringify(
        (
          await client.post(
            `/v2/models/${nameOf(file)}/infer`,
            tensors([input, [1, width], 'FP32', row.slice(0, width)]),
          )
        ).body?.outputs?.[0]?.data,
      );
    const alone = await ask(a);
    let other = alone === undefined ? 150 : 0;
    for (let round = 0; round < 15; round++) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index % 2 === 1 ? a : loud)));
      other += answers.filter((answer, index) => index % 2 === 1 && answer !== alone).length;
    }
    return verdict(other === 0, `${other} of 150 differ, batching ${up.body.signature.batching}`);
  };

/** Whether the service answers others soon while a model misbehaves. */
const othersAreAnswered = async (client: Client): Promise<boolean> => {
  const begun = performance.now();
  const said = await client.post(
    '/v2/models/calm/infer',
    tensors(['A', [1, 1], 'FP32', [1]], ['B', [1, 1], 'FP32', [2]]),
  );
  return said.status === 200 && performance.now() - begun < 1500;
};

const misbehaving =
  (file: string, value: number): Judge =>
  async (client) => {
    await client.upload('14-div.onnx', 'calm');
    const up = await client.upload(file, nameOf(file));
    if (up.status === 422) return verdict(await othersAreAnswered(client), up);
    const { inputs } = up.body.signature;
    const request = {
      inputs: inputs.map((input: { name: string; datatype: string; shape: number[] }) => {
        const shape = input.shape.map((size) => (size < 0 ? 1 : size));
        return {
          name: input.name,
          datatype: input.datatype,
          shape,
          data: Array(shape.reduce((x, y) => x * y, 1)).fill(value),
        };
      }),
    };
    const asked = client.post(`/v2/models/${nameOf(file)}/infer`, request);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const calm = await othersAreAnswered(client);
    const said = await asked;
    return verdict(calm && said.status === 422, `others ${calm ? 'answered' : 'wait'}; ${show(said)}`);
  };

/** By the case's id; a case without a judge is told as such. */
export const judges: Readonly<Record<string, Judge>> = {
  '01-triton-no-content-type': async (client) => {
    await client.upload('01-simple.onnx', 'simple');
    const said = await client.post('/v2/models/simple/infer', new Uint8Array(client.file('01-request.json')), {});
    return verdict(said.status === 200, said);
  },
  '02-gzip-hang': async (client) => {
    const begun = performance.now();
    const said = await client.post('/model/classify', new Uint8Array(gzipSync('{}')), {
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
    });
    return verdict((said.status === 415 || said.status === 200) && performance.now() - begun < 5000, said);
  },
  '03-neighbours-change-an-answer': neighbours('03-dynamic-quantized.onnx', 'X'),
  '05-multilabel-softmax': classified(
    '05-multilabel.onnx',
    { X: [3, 3, -3, 0] },
    (said) =>
      refusedAsOtherKind(said) ||
      [0.9999, 0.9999, 0.0001].every((wanted, index) =>
        near(Object.values(said.body?.probabilities ?? {})[index], wanted),
      ),
  ),
  '06-logits-taken-for-probabilities': classified('06-logits-half.onnx', { X: [3, 0, 0, 0] }, ({ status, body }) => {
    const values = Object.values(body?.probabilities ?? {}) as number[];
    return status === 200 && values.length > 0 && values.every((value) => value >= 0 && value <= 1);
  }),
  '07-regression-answered-as-class': classified(
    '07-two-targets.onnx',
    { X: [3, 3, 3, 0] },
    (said) => refusedAsOtherKind(said) || said.body?.prediction?.length === 2,
  ),
  '09-dropped-column': async (client) => {
    await client.upload('09-dropped-column.pkl', 'dropped');
    const withIt = await client.post('/models/dropped/classify', { age: 30, sex: 'male', emb: 'S' });
    const without = await client.post('/models/dropped/classify', { age: 30, sex: 'male' });
    return verdict(
      [withIt, without].every(({ body }) => near(body?.probabilities?.['1'], 0.3263)),
      withIt,
    );
  },
  '10-integer-division': accepted('10-integer-division.onnx'),
  '11-gradient-boosting-1.4': accepted('11-gradient-boosting-1.4.pkl'),
  '13-nulls': async (client) => {
    await client.upload('01-simple.onnx', 'simple');
    const said = await client.post('/v2/models/simple/infer', client.file('13-nulls.json').toString());
    return verdict(said.status === 200, said);
  },
  '14-infinity-and-nan': async (client) => {
    await client.upload('14-div.onnx', 'div');
    const request = tensors(['A', [2, 1], 'FP32', [1, 0]], ['B', [2, 1], 'FP32', [0, 0]]);
    const response = await fetch(`${client.url}/v2/models/div/infer?non_finite=literal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const text = await response.text();
    const given = await client.post(
      '/v2/models/div/infer',
      JSON.stringify(tensors(['A', [1, 1], 'FP32', [1]], ['B', [1, 1], 'FP32', [3]])).replace('[3]', '[NaN]'),
    );
    return verdict(/Infinity\s*,\s*NaN/.test(text) && given.status === 200, `${text.slice(0, 120)} / ${show(given)}`);
  },
  '15-nan-row-refuses-raw-tensors': async (client) => {
    await client.upload('15-sqrt-two-wide.onnx', 'sq');
    const said = await client.post('/v2/models/sq/infer', tensors(['X', [3, 2], 'FP32', [4, 9, -1, 4, 16, 25]]));
    return verdict(said.status === 200, said);
  },
  '17-one-sigmoid': classified(
    '17-one-sigmoid.onnx',
    { X: [3, 3, 3, 0] },
    ({ status, body }) =>
      status === 200 && typeof body?.class === 'string' && Object.values(body?.probabilities ?? {}).length > 0,
  ),
  '18-string-normalizer': accepted('18-string-normalizer.onnx'),
  '19-bundle': accepted('19-bundle.pkl'),
  '21-rows-that-depend': neighbours('21-batch-mean.onnx', 'X'),
  '22-histogram-boosting-numpy-2': accepted('22-histogram-boosting-numpy-2.pkl'),
  '23-small-file-big-memory': async (client) => {
    const up = await client.upload('23-small-file-big-memory.onnx', 'big');
    const measured = up.body?.memory_bytes;
    return verdict(up.status === 422 || (typeof measured === 'number' && measured > 300e6), up);
  },
  '24-empty-text-is-a-category': classified(
    '24-empty-text-imputer.pkl',
    { c: '' },
    ({ body }) => body?.class === '1' && near(body?.probabilities?.['1'], 0.652),
  ),
  '25-empty-text-ordinal': classified(
    '25-empty-text-ordinal.pkl',
    { c: '' },
    ({ body }) => body?.class === '1' && near(body?.probabilities?.['1'], 1),
  ),
  '26-two-targets-linear': classified(
    '26-two-targets-linear.pkl',
    { feature_0: 3, feature_1: 4 },
    (said) => refusedAsOtherKind(said) || said.body?.prediction?.length === 2,
  ),
  '01-loop': misbehaving('01-loop.onnx', 1e15),
  '02-mem': misbehaving('02-mem.onnx', 8e8),
};
