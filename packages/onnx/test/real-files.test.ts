import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { decodeModel, encodeModel, inspectModel } from '../src/index.ts';

/** Real models, outside of the repository: `../shared/data`, or where SHARED_DATA_DIR points. */
const data = process.env.SHARED_DATA_DIR ?? join(import.meta.dirname, '../../../../shared/data');
const read = (path: string) => readFileSync(join(data, path));

describe.skipIf(!existsSync(join(data, 'models')) || !existsSync(join(data, 'iris')))(
  'real models (skipped without ../shared/data)',
  () => {
    test('a random forest exported by skl2onnx', () => {
      const { inputs, outputs, operators, opsets, producer } = inspectModel(
        read('iris/onnx/random-forest_skl2onnx.onnx'),
      );
      expect({ inputs, outputs, operators, opsets, producer }).toMatchSnapshot();
    });

    test('a logistic regression whose probabilities are a sequence of maps', () => {
      const { inputs, outputs, operators } = inspectModel(read('iris/onnx/logreg_skl2onnx_zipmap.onnx'));
      expect({ inputs, outputs, operators }).toMatchSnapshot();
    });

    test('a network exported by PyTorch', () => {
      const { inputs, outputs, operators, producer } = inspectModel(read('iris/onnx/torch_batch1.onnx'));
      expect({ inputs, outputs, operators, producer }).toMatchSnapshot();
    });

    test.each(['models/SqueezeNet_fp16.onnx', 'models/mobilenet_v2_1.0_224.onnx'])(
      'the image classifier %s',
      (path) => {
        const { inputs, outputs, opsets, externalData } = inspectModel(read(path));
        expect({ inputs, outputs, opsets, externalData }).toMatchSnapshot();
      },
    );

    test.each(['iris/onnx/random-forest_skl2onnx.onnx', 'iris/onnx/torch_batch1.onnx', 'models/SqueezeNet_fp16.onnx'])(
      '%s still loads after it was decoded and encoded again',
      async (path) => {
        const session = await InferenceSession.create(encodeModel(decodeModel(read(path))));
        expect(session.inputNames).toEqual(inspectModel(read(path)).inputs.map((input) => input.name));
        await session.release();
      },
    );
  },
);
