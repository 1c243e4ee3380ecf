import { type InferenceSignature, type OipInferRequest, ServiceError } from '@vindima/contracts';
import { readTensor } from '../tensors/nested.ts';
import type { Tensor, Tensors } from '../tensors/tensor.ts';

export interface ReadInfer {
  readonly feeds: Tensors;
  readonly rows: number;
  /** Names of the outputs that are wanted. */
  readonly outputs: readonly string[];
}

/**
 * Checks a request against what the model wants.
 *
 * @throws ServiceError 400 `inference.invalid_infer_request`
 */
export const readInferRequest = (signature: InferenceSignature, request: OipInferRequest): ReadInfer => {
  const given = new Map(request.inputs.map((input) => [input.name, input]));
  if (given.size !== request.inputs.length) throw invalid('An input is there twice.');
  const names = signature.inputs.map(({ name }) => name);
  for (const name of given.keys()) {
    if (!names.includes(name)) throw invalid(`There is no input "${name}"; the model has ${names.join(', ')}.`);
  }
  const feeds: Record<string, Tensor> = {};
  for (const { name, datatype, shape } of signature.inputs) {
    const input = given.get(name);
    if (input === undefined) throw invalid(`The input "${name}" is missing.`);
    if (input.datatype !== datatype) throw invalid(`The input "${name}" is ${datatype}, not ${input.datatype}.`);
    if (!fits(input.shape, shape, signature.batching)) {
      throw invalid(`The input "${name}" has the shape [${input.shape}], but the model wants [${shape}].`);
    }
    const tensor = readTensor(datatype, input.shape, input.data);
    if (tensor instanceof Error) throw invalid(`The input "${name}" ${tensor.message}.`);
    feeds[name] = tensor;
  }
  const rows = rowsOf(Object.values(feeds), signature.batching);
  const outputs = request.outputs?.map(({ name }) => name) ?? signature.outputs.map(({ name }) => name);
  const unknown = outputs.find((name) => !signature.outputs.some((output) => output.name === name));
  if (unknown !== undefined) throw invalid(`There is no output "${unknown}".`);
  return { feeds, rows, outputs };
};

/** Whether a shape is one that the model takes: where it takes rows, the first size is how many there are. */
const fits = (given: readonly number[], wanted: readonly number[], batching: InferenceSignature['batching']): boolean =>
  given.length === wanted.length &&
  given.every((size, axis) => wanted[axis] === -1 || size === wanted[axis] || (axis === 0 && batching !== 'none'));

const rowsOf = (tensors: readonly Tensor[], batching: InferenceSignature['batching']): number => {
  if (batching === 'none') return 1;
  const sizes = new Set(tensors.map(({ dims }) => dims[0] ?? 0));
  const [rows = 0] = sizes;
  if (sizes.size !== 1) throw invalid('The inputs have different numbers of rows (the first size of their shapes).');
  if (rows === 0) throw invalid('There are no rows: the first size of the shapes is 0.');
  return rows;
};

const invalid = (message: string) => new ServiceError(400, 'inference.invalid_infer_request', message);
