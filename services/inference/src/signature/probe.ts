import {
  type InferenceModelMetadata,
  type InferenceSignature,
  type InferenceTensor,
  ServiceError,
} from '@vindima/contracts';
import type { ModelHints } from '../registry/importers.ts';
import type { Session } from '../runtime/session.ts';
import { allocate, datatypes, type Element, setElement } from '../tensors/datatypes.ts';
import { concatenateAll, takeRows } from '../tensors/rows.ts';
import { countElements, type Tensor, type Tensors } from '../tensors/tensor.ts';
import { describeClasses, describeFeatures } from './describe.ts';

/**
 * Completes what a model's file says by running it with made-up rows: how many rows it takes at once, whether rows that run
 * together get what they get alone, which output is what.
 *
 * @throws ServiceError 422 `inference.cannot_run` when a run with the sizes that the model itself states fails;
 * `inference.wrong_metadata`
 */
export const probe = async (
  session: Session,
  hints: ModelHints,
  metadata: InferenceModelMetadata,
): Promise<InferenceSignature> => {
  const { inputs, outputs } = session;
  const features = describeFeatures(session, hints, metadata);
  const stated = inputs.every(({ shape }) => shape.slice(1).every((size) => size >= 0)) || features !== null;
  const bare = { inputs: [...inputs], outputs: [...outputs] };
  const whole: InferenceSignature = {
    ...bare,
    features: null,
    label_output: null,
    score_output: null,
    labels: null,
    label_values: null,
    scores: null,
    batching: 'none',
  };
  const first = fixedRows(inputs);
  if (first === undefined) return whole;
  const rows = Math.max(1, first);
  const width = features?.length ?? 1;
  const single = await attempt(session, makeRows(inputs, rows, width, 0), rows, stated);
  if (single === undefined || !consistsOfRows(single, rows)) return whole;
  const batching = first > 1 ? 'fixed' : first === 1 ? 'one' : await tryTogether(session, inputs, width, single);
  const sizes = Object.fromEntries(Object.entries(single).map(([name, { dims }]) => [name, dims]));
  const classes = describeClasses(session, sizes, hints, metadata);
  const scores = classes.score_output === null ? undefined : single[classes.score_output];
  return { ...bare, features, ...classes, scores: scores === undefined ? null : kindOfScores(scores), batching };
};

/** The first size of all inputs: -1 for any; undefined when they do not agree, so that the model does not take rows. */
const fixedRows = (inputs: readonly InferenceTensor[]): number | undefined => {
  const sizes = new Set(inputs.map(({ shape }) => shape[0]));
  const [size] = sizes;
  return sizes.size === 1 && size !== 0 ? size : undefined;
};

/** Rows of made-up values, for every input of a model. */
export const makeRows = (inputs: readonly InferenceTensor[], rows: number, width: number, value: 0 | 1): Tensors =>
  Object.fromEntries(
    inputs.map(({ name, datatype, shape }) => {
      const dims = shape.map((size, axis) => (axis === 0 ? rows : size >= 0 ? size : inputs.length === 1 ? width : 1));
      const data = allocate(datatype, countElements(dims));
      const element: Element =
        { text: String(value), bigint: BigInt(value) }[datatypes[datatype].kind as string] ?? value;
      for (let index = 0; index < data.length; index++) setElement(data, index, element);
      return [name, { datatype, dims, data } satisfies Tensor];
    }),
  );

const attempt = async (
  session: Session,
  feeds: Tensors,
  rows: number,
  mustWork: boolean,
): Promise<Tensors | undefined> => {
  try {
    return await session.run(feeds, rows, null);
  } catch (error) {
    if (!mustWork) return undefined;
    throw new ServiceError(422, 'inference.cannot_run', `The model cannot be run: ${reasonOf(error)}`, {
      cause: error,
    });
  }
};

const consistsOfRows = (outputs: Tensors, rows: number) => Object.values(outputs).every(({ dims }) => dims[0] === rows);

/** Whether two rows may run together: only if each of them gets what it gets alone. */
const tryTogether = async (
  session: Session,
  inputs: readonly InferenceTensor[],
  width: number,
  zeros: Tensors,
): Promise<InferenceSignature['batching']> => {
  const rowOfZeros = makeRows(inputs, 1, width, 0);
  const rowOfOnes = makeRows(inputs, 1, width, 1);
  const ones = await attempt(session, rowOfOnes, 1, false);
  const other = ones === undefined ? rowOfZeros : rowOfOnes;
  const both = await attempt(session, concatenateAll([rowOfZeros, other]), 2, false);
  if (both === undefined || !consistsOfRows(both, 2)) return 'one';
  const same = alike(takeRows(both, 0, 1), zeros) && alike(takeRows(both, 1, 1), ones ?? zeros);
  return same ? 'any' : 'one';
};

const alike = (left: Tensors, right: Tensors): boolean =>
  Object.entries(left).every(([name, { data }]) =>
    Array.from(data as ArrayLike<Element>).every((value, index) => close(value, right[name]?.data[index])),
  );

const close = (left: Element, right: Element | undefined): boolean =>
  typeof left === 'number' && typeof right === 'number'
    ? Object.is(left, right) || Math.abs(left - right) <= 1e-3 * Math.max(1, Math.abs(left), Math.abs(right))
    : left === right;

const kindOfScores = ({ data, dims }: Tensor): InferenceSignature['scores'] => {
  const width = countElements(dims.slice(1));
  const values = Array.from(data as ArrayLike<number>);
  for (let row = 0; row * width < values.length; row++) {
    const scores = values.slice(row * width, (row + 1) * width);
    const sum = scores.reduce((total, score) => total + score, 0);
    if (scores.some((score) => score < -0.001 || score > 1.001) || Math.abs(sum - 1) > 0.02) return 'logits';
  }
  return 'probabilities';
};

/** The runtime's own words, on one line and not too many. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
};
