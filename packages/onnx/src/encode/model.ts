import type { Model } from '../model.ts';
import { writeFunction, writeGraph } from './graph.ts';
import { writeMessage } from './writer.ts';

/** What a model needs besides its graph; the rest has a default. */
export type ModelParts = Pick<Model, 'graph' | 'opsets'> & Partial<Model>;

/** The version of the file format that is written unless told otherwise: the first that knows opset 21. */
export const defaultIrVersion = 10;

/** Encodes an ONNX model (`ModelProto`) as the bytes of an `.onnx` file. */
export function encodeModel(model: ModelParts): Uint8Array {
  return writeMessage((writer) => {
    writer.integer(1, model.irVersion ?? defaultIrVersion);
    writer.text(2, model.producerName ?? 'vindima');
    writer.text(3, model.producerVersion ?? '');
    if (model.description) writer.text(6, model.description);
    writer.message(7, (nested) => writeGraph(nested, model.graph));
    for (const [domain, version] of Object.entries(model.opsets)) {
      writer.message(8, (opset) => {
        opset.text(1, domain);
        opset.integer(2, version);
      });
    }
    for (const [key, value] of Object.entries(model.metadata ?? {})) {
      writer.message(14, (entry) => {
        entry.text(1, key);
        entry.text(2, value);
      });
    }
    for (const definition of model.functions ?? []) writer.message(25, (nested) => writeFunction(nested, definition));
  });
}
