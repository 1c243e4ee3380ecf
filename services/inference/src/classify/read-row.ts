import { type InferenceSignature, type InferenceTensor, ServiceError } from '@vindima/contracts';
import { allocate, readElement, setElement } from '../tensors/datatypes.ts';
import { readTensor, sizesOf } from '../tensors/nested.ts';
import type { Tensor, Tensors } from '../tensors/tensor.ts';

/** What is wrong with one field of a row. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** Reads one row of JSON. @throws ServiceError 422 `inference.invalid_row`, naming every wrong, missing or unknown field */
export type RowReader = (row: unknown) => Tensors;

/** Makes the reader of a model's rows. */
export const createRowReader = (signature: InferenceSignature): RowReader => {
  const { features, inputs } = signature;
  const read = features === null ? tensorReader(inputs) : featureReader(features, inputs);
  return (row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw invalidRow([{ path: 'body', message: 'must be an object with a field for each feature' }]);
    }
    return read(row as Readonly<Record<string, unknown>>);
  };
};

/** Of one row. */
const shownProblems = 100;

type Row = Readonly<Record<string, unknown>>;

/** Rows of flat fields: the columns of one matrix, or one input each. */
const featureReader = (features: NonNullable<InferenceSignature['features']>, inputs: readonly InferenceTensor[]) => {
  const names = features.map(({ name }) => name);
  const known = new Set(names);
  const [first] = inputs;
  const matrix = inputs.length === 1 && first !== undefined && first.shape.length === 2 ? first : undefined;
  const inputOf = (index: number) => matrix ?? inputs[index];
  return (row: Row): Tensors => {
    const whole = matrix === undefined || known.has(matrix.name) ? undefined : row[matrix.name];
    if (matrix !== undefined && Array.isArray(whole)) return readWhole(matrix, row, names.length);
    const problems: FieldProblem[] = [];
    const tensors: Record<string, Tensor> = {};
    const data = matrix === undefined ? [] : allocate(matrix.datatype, names.length);
    for (const [index, name] of names.entries()) {
      const input = inputOf(index);
      if (input === undefined) continue;
      const element = Object.hasOwn(row, name) ? readElement(input.datatype, row[name]) : new Error('is required');
      if (element instanceof Error) problems.push({ path: name, message: element.message });
      else if (matrix !== undefined) setElement(data, index, element);
      else {
        const column = allocate(input.datatype, 1);
        setElement(column, 0, element);
        tensors[input.name] = { datatype: input.datatype, dims: input.shape.map(() => 1), data: column };
      }
    }
    const given = Object.keys(row);
    if (problems.length > 0 || given.length > names.length) {
      for (const name of given) {
        if (problems.length >= shownProblems) break;
        if (!known.has(name)) problems.push({ path: name, message: 'is not known' });
      }
      throw invalidRow(problems);
    }
    if (matrix !== undefined) tensors[matrix.name] = { datatype: matrix.datatype, dims: [1, names.length], data };
    return tensors;
  };
};

/** The whole matrix row under the input's own name, as clients send it that know the tensor and not its columns. */
const readWhole = ({ name, datatype }: InferenceTensor, row: Row, width: number): Tensors => {
  const tensor = readTensor(datatype, [1, width], row[name]);
  const problems = Object.keys(row).flatMap((path) => (path === name ? [] : [{ path, message: 'is not known' }]));
  if (tensor instanceof Error) throw invalidRow([{ path: name, message: tensor.message }, ...problems]);
  if (problems.length > 0) throw invalidRow(problems);
  return { [name]: tensor };
};

/** Rows that are tensors themselves: a field for each input, nested or flat. */
const tensorReader = (inputs: readonly InferenceTensor[]) => {
  const known = new Set(inputs.map(({ name }) => name));
  return (row: Row): Tensors => {
    const problems: FieldProblem[] = [];
    const tensors: Record<string, Tensor> = {};
    for (const { name, datatype, shape } of inputs) {
      const stated = shape.slice(1);
      const dims = stated.every((size) => size >= 0) ? stated : sizesOf(row[name]);
      const tensor = Object.hasOwn(row, name)
        ? readTensor(datatype, [1, ...dims], row[name])
        : new Error('is required');
      if (tensor instanceof Error) problems.push({ path: name, message: tensor.message });
      else tensors[name] = tensor;
    }
    for (const name of Object.keys(row)) if (!known.has(name)) problems.push({ path: name, message: 'is not known' });
    if (problems.length > 0) throw invalidRow(problems);
    return tensors;
  };
};

export const invalidRow = (problems: readonly FieldProblem[]): ServiceError => {
  const shown = problems.slice(0, 8).map(({ path, message }) => `${path.slice(0, 100)} ${message}`);
  return new ServiceError(422, 'inference.invalid_row', `The row is not valid: ${shown.join('; ')}.`, {
    details: { problems: problems.slice(0, shownProblems) },
  });
};
