import type { InferenceModelRef } from '@vindima/contracts';
import type { Tensor, TensorData, Tensors } from '../tensors/tensor.ts';

declare global {
  interface JSON {
    /** A number as it is to be written (ECMAScript proposal JSON.parse source text access, in Node.js since 22). */
    rawJSON(text: string): unknown;
  }
}

/** The answer of `POST .../infer`, as JSON text. */
export const inferResponse = (
  model: InferenceModelRef,
  id: string | undefined,
  names: readonly string[],
  outputs: Tensors,
): string =>
  JSON.stringify({
    model_name: model.name,
    model_version: String(model.version),
    ...(id === undefined ? {} : { id }),
    outputs: names.flatMap((name) => {
      const tensor = outputs[name];
      return tensor === undefined ? [] : [describeTensor(name, tensor)];
    }),
  });

const describeTensor = (name: string, { datatype, dims, data }: Tensor) => ({
  name,
  shape: dims,
  datatype,
  data: datatype === 'BOOL' ? Array.from(data as Uint8Array, Boolean) : elementsOf(data),
});

/** JSON has no infinity and no NaN: they become null. 64-bit integers are written with all their digits. */
const elementsOf = (data: TensorData): unknown[] => {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Array.from(data, (value) => {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : JSON.rawJSON(String(value));
    });
  }
  return Array.from(data as ArrayLike<number | string>);
};
