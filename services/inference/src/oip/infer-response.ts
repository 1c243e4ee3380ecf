import type { InferenceModelRef } from '@vindima/contracts';
import { elementsJson } from '../tensors/json.ts';
import type { Tensors } from '../tensors/tensor.ts';

/** The answer of `POST .../infer`, as JSON text. */
export const inferResponse = (
  { name: model, version }: InferenceModelRef,
  id: string | undefined,
  names: readonly string[],
  outputs: Tensors,
): string => {
  const tensors = names.flatMap((name) => {
    const tensor = outputs[name];
    if (tensor === undefined) return [];
    const { datatype, dims } = tensor;
    return [
      `{"name":${JSON.stringify(name)},"shape":[${dims}],"datatype":"${datatype}","data":${elementsJson(tensor)}}`,
    ];
  });
  const echoed = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
  return `{"model_name":"${model}","model_version":"${version}",${echoed}"outputs":[${tensors}]}`;
};
