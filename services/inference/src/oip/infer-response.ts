import type { InferenceModelRef, OipInferRequest } from '@vindima/contracts';
import { elementsJson } from '../tensors/json.ts';
import type { RowRange } from '../tensors/rows.ts';
import { elementsPerRow, type Tensor } from '../tensors/tensor.ts';
import { elementsBinary } from './binary.ts';
import { classesOf } from './classification.ts';

export interface AnswerOptions {
  readonly request: OipInferRequest;
  readonly names: readonly string[];
  readonly warnings: readonly string[];
  /** Labels of the classes, for the classification extension. */
  readonly labels: readonly string[] | null;
  /** Infinity and NaN are written as such, which is no JSON but what Triton writes. Default: null. */
  readonly literal: boolean;
}

/** The answer of `POST .../infer`: JSON text, and behind it the tensors that were asked for in binary. */
export interface InferAnswer {
  readonly json: string;
  readonly binary: readonly Buffer[];
}

/** Makes the answer of an inference request. */
export const inferResponse = (
  { name: model, version }: InferenceModelRef,
  { request, names, warnings, labels, literal }: AnswerOptions,
  { tensors: outputs, start, rows, alone }: RowRange,
): InferAnswer => {
  const binary: Buffer[] = [];
  const tensors = names.flatMap((name) => {
    const whole = outputs[name];
    if (whole === undefined) return [];
    const width = elementsPerRow(whole.dims);
    const own = alone ? whole : cut(whole, start * width, (start + rows) * width, rows);
    const wanted = request.outputs?.find((output) => output.name === name)?.parameters;
    const count = wanted?.classification;
    const tensor = typeof count === 'number' && count > 0 ? classesOf(own, count, labels) : own;
    const { datatype, dims } = tensor;
    const head = `"name":${JSON.stringify(name)},"shape":[${dims}],"datatype":"${datatype}"`;
    const isBinary = wanted?.binary_data ?? request.parameters?.binary_data_output ?? false;
    if (isBinary !== true) return [`{${head},"data":${elementsJson(tensor, 0, tensor.data.length, literal)}}`];
    const bytes = elementsBinary(tensor);
    binary.push(bytes);
    return [`{${head},"parameters":{"binary_data_size":${bytes.length}}}`];
  });
  const { id } = request;
  const echoed = id == null ? '' : `"id":${JSON.stringify(id)},`;
  const told = warnings.length === 0 ? '' : `"parameters":{"warnings":${JSON.stringify(warnings)}},`;
  return {
    json: `{"model_name":"${model}","model_version":"${version}",${echoed}${told}"outputs":[${tensors}]}`,
    binary,
  };
};

const cut = ({ datatype, dims, data }: Tensor, from: number, to: number, rows: number): Tensor => ({
  datatype,
  dims: [rows, ...dims.slice(1)],
  data: data.slice(from, to),
});
