import type { InferenceModelRef } from '@vindima/contracts';
import { elementsJson } from '../tensors/json.ts';
import type { RowRange } from '../tensors/rows.ts';
import { elementsPerRow } from '../tensors/tensor.ts';

/** The answer of `POST .../infer`, as JSON text. */
export const inferResponse = (
  { name: model, version }: InferenceModelRef,
  id: string | undefined,
  names: readonly string[],
  { tensors: outputs, start, rows, alone }: RowRange,
): string => {
  const tensors = names.flatMap((name) => {
    const tensor = outputs[name];
    if (tensor === undefined) return [];
    const { datatype, dims } = tensor;
    const width = elementsPerRow(dims);
    const shape = alone ? dims : [rows, ...dims.slice(1)];
    const data = alone ? elementsJson(tensor) : elementsJson(tensor, start * width, (start + rows) * width);
    return [`{"name":${JSON.stringify(name)},"shape":[${shape}],"datatype":"${datatype}","data":${data}}`];
  });
  const echoed = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
  return `{"model_name":"${model}","model_version":"${version}",${echoed}"outputs":[${tensors}]}`;
};
