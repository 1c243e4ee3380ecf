import {
  type InferenceDatatype,
  type InferenceSignature,
  type OipInferRequest,
  ServiceError,
} from '@vindima/contracts';
import { datatypes } from '../tensors/datatypes.ts';
import { readTensor } from '../tensors/nested.ts';
import type { Tensor, Tensors } from '../tensors/tensor.ts';
import { type Binary, noBinary } from './binary.ts';
import { elementReader } from './element-reader.ts';

export interface ReadInfer {
  readonly feeds: Tensors;
  readonly rows: number;
  /** Names of the outputs that are wanted. */
  readonly outputs: readonly string[];
  /** What was ignored. */
  readonly warnings: readonly string[];
}

/**
 * Checks a request against what the model wants.
 *
 * @throws ServiceError 400 `inference.invalid_infer_request`
 */
export const readInferRequest = (
  signature: InferenceSignature,
  request: OipInferRequest,
  binary: Binary = noBinary,
): ReadInfer => {
  const given = nameInputs(signature, request);
  const feeds: Record<string, Tensor> = {};
  const warnings = new Set<string>();
  for (const wanted of signature.inputs) {
    const { name, datatype, shape } = wanted;
    const input = given.get(name);
    if (input === undefined) throw invalid(`The input "${name}" is missing.`);
    if (!widens(input.datatype, datatype)) throw invalid(`The input "${name}" is ${datatype}, not ${input.datatype}.`);
    // A list of numbers is a column of them.
    const isColumn = input.shape.length === 1 && shape.length === 2 && shape[1] === 1;
    const dims = isColumn ? [...input.shape, 1] : input.shape;
    if (!fits(dims, shape, signature.batching)) {
      throw invalid(`The input "${name}" has the shape [${input.shape}], but the model wants [${shape}].`);
    }
    const data = binary.elements(input) ?? input.data;
    if (data === undefined) throw invalid(`The input "${name}" has no data.`);
    const read = elementReader(signature, wanted, (warning) => warnings.add(warning));
    const tensor = readTensor(datatype, dims, data, read);
    if (tensor instanceof Error) throw invalid(`The input "${name}" ${tensor.message}.`);
    feeds[name] = tensor;
  }
  const rows = rowsOf(Object.values(feeds), signature.batching);
  const outputs = request.outputs?.map(({ name }) => name) ?? signature.outputs.map(({ name }) => name);
  const unknown = outputs.find((name) => !signature.outputs.some((output) => output.name === name));
  if (unknown !== undefined) throw invalid(`There is no output "${unknown}".`);
  return { feeds, rows, outputs, warnings: [...warnings] };
};

type Input = OipInferRequest['inputs'][number];

/** The inputs by the model's names: where there is one, its name does not matter. What the model drops is left out. */
const nameInputs = ({ inputs, features }: InferenceSignature, request: OipInferRequest): ReadonlyMap<string, Input> => {
  const [only] = inputs;
  const [sent] = request.inputs;
  if (inputs.length === 1 && only !== undefined && request.inputs.length === 1 && sent !== undefined) {
    return new Map([[only.name, sent]]);
  }
  const given = new Map(request.inputs.map((input) => [input.name, input]));
  if (given.size !== request.inputs.length) throw invalid('An input is there twice.');
  const names = inputs.map(({ name }) => name);
  for (const name of given.keys()) {
    const isDropped = features?.some((feature) => feature.name === name && feature.used === false) === true;
    if (!names.includes(name) && !isDropped) {
      throw invalid(`There is no input "${name}"; the model has ${names.join(', ')}.`);
    }
  }
  return given;
};

/** Whether every value of one type is one of the other: clients send what their tables have. */
const widens = (from: InferenceDatatype, to: InferenceDatatype): boolean => {
  if (from === to) return true;
  const [source, target] = [datatypes[from], datatypes[to]];
  if (source.kind === 'text' || target.kind === 'text' || target.kind === 'bool') return false;
  const bits = (name: InferenceDatatype) => Number(name.replace(/\D/g, ''));
  if (source.kind === 'bool') return true;
  if (target.kind === 'float') {
    return source.kind === 'float' ? bits(from) < bits(to) : to === 'FP64' || bits(from) < bits(to);
  }
  // What does not fit is refused by its value.
  return source.kind !== 'float';
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

export const invalid = (message: string) => new ServiceError(400, 'inference.invalid_infer_request', message);
