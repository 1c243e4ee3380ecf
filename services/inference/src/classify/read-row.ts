import { type InferenceSignature, type InferenceTensor, ServiceError } from '@vindima/contracts';
import { allocate, setElement } from '../tensors/datatypes.ts';
import { readTensor, sizesOf } from '../tensors/nested.ts';
import type { Tensor, Tensors } from '../tensors/tensor.ts';
import { createFeatureReader, type FeatureReader, type Warn } from './read-feature.ts';

/** What is wrong with one field of a row. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export interface RowOptions {
  /** What becomes of fields that the model does not know. Default: they are refused. */
  readonly extra?: 'refuse' | 'ignore' | undefined;
  readonly warn?: Warn | undefined;
}

/** Reads one row of JSON. @throws ServiceError 422 `inference.invalid_row`, naming every wrong, missing or unknown field */
export type RowReader = (row: unknown, options?: RowOptions) => Tensors;

/** Makes the reader of a model's rows. */
export const createRowReader = (signature: InferenceSignature): RowReader => {
  const { features, inputs } = signature;
  const read = features === null ? tensorReader(inputs) : featureReader(features, inputs);
  return (row, options = {}) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw invalidRow([{ path: 'body', message: 'must be an object with a field for each feature' }]);
    }
    return read(row as Readonly<Record<string, unknown>>, options);
  };
};

/** Of one row. */
const shownProblems = 100;

type Row = Readonly<Record<string, unknown>>;

/** One field of a row: how it is read, and where it goes. */
interface Field {
  readonly name: string;
  readonly read: FeatureReader;
  /** Its own tensor; undefined where it is a column of the one matrix. */
  readonly input: InferenceTensor | undefined;
  readonly column: number;
}

/** Rows of flat fields: the columns of one matrix, or one input each. What the model drops has neither. */
const featureReader = (features: NonNullable<InferenceSignature['features']>, inputs: readonly InferenceTensor[]) => {
  const known = new Set(features.map(({ name }) => name));
  const [first] = inputs;
  const matrix = inputs.length === 1 && first !== undefined && isMatrix(first, features) ? first : undefined;
  const fields = fieldsOf(features, inputs, matrix);
  return (row: Row, { extra, warn }: RowOptions): Tensors => {
    const whole = matrix === undefined || known.has(matrix.name) ? undefined : row[matrix.name];
    if (matrix !== undefined && Array.isArray(whole)) return readWhole(matrix, row, features.length);
    const problems: FieldProblem[] = [];
    const tensors: Record<string, Tensor> = {};
    const data = matrix === undefined ? [] : allocate(matrix.datatype, features.length);
    for (const { name, read, input, column } of fields) {
      const element = read(Object.hasOwn(row, name) ? row[name] : undefined, warn);
      if (element instanceof Error) problems.push({ path: name, message: element.message });
      else if (input === undefined) setElement(data, column, element);
      else {
        const single = allocate(input.datatype, 1);
        setElement(single, 0, element);
        tensors[input.name] = { datatype: input.datatype, dims: input.shape.map(() => 1), data: single };
      }
    }
    refuseUnknown(row, known, extra, problems);
    if (problems.length > 0) throw invalidRow(problems);
    if (matrix !== undefined) tensors[matrix.name] = { datatype: matrix.datatype, dims: [1, features.length], data };
    return tensors;
  };
};

/** Whether the one input takes all features: one column of a single feature may be an input of its own. */
const isMatrix = ({ shape }: InferenceTensor, features: readonly { readonly used?: boolean }[]): boolean =>
  shape.length === 2 && (shape[1] === features.length || features.every(({ used }) => used !== false));

const fieldsOf = (
  features: NonNullable<InferenceSignature['features']>,
  inputs: readonly InferenceTensor[],
  matrix: InferenceTensor | undefined,
): readonly Field[] => {
  let place = 0;
  return features.flatMap((feature, column): Field[] => {
    if (feature.used === false) return [];
    const input = matrix ?? inputs[place++];
    if (input === undefined) return [];
    const read = createFeatureReader(feature, input.datatype);
    return [{ name: feature.name, read, input: matrix === undefined ? input : undefined, column }];
  });
};

const refuseUnknown = (
  row: Row,
  known: ReadonlySet<string>,
  extra: RowOptions['extra'],
  problems: FieldProblem[],
): void => {
  if (extra === 'ignore') return;
  for (const name of Object.keys(row)) {
    if (problems.length >= shownProblems) return;
    if (!known.has(name)) problems.push({ path: name, message: 'is not known' });
  }
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
  return (row: Row, { extra }: RowOptions): Tensors => {
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
    refuseUnknown(row, known, extra, problems);
    if (problems.length > 0) throw invalidRow(problems);
    return tensors;
  };
};

export const invalidRow = (problems: readonly FieldProblem[]): ServiceError => {
  const shown = problems.slice(0, 8).map(({ path, message }) => `${path.slice(0, 100)} ${message}`);
  return new ServiceError(422, 'inference.invalid_row', `The row is not valid: ${shown.join('; ')}.`, {
    details: { problems: problems.slice(0, 100) },
  });
};
