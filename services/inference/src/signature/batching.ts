import type { InferenceSignature, InferenceTensor } from '@vindima/contracts';
import type { Session } from '../runtime/session.ts';
import type { Element } from '../tensors/datatypes.ts';
import { concatenateAll, takeRows } from '../tensors/rows.ts';
import type { Tensors } from '../tensors/tensor.ts';
import { fills, makeRows } from './make-rows.ts';

/** A model that takes long for a row is asked fewer of them. */
const enoughMs = 5000;

type Batching = InferenceSignature['batching'];

/** The first size of all inputs: -1 for any; undefined when they do not agree, so that the model does not take rows. */
export const firstSize = (inputs: readonly InferenceTensor[]): number | undefined => {
  const sizes = new Set(inputs.map(({ shape }) => shape[0]));
  const [size] = sizes;
  if (sizes.size !== 1 || size === undefined || size === 0) return undefined;
  // A list of a stated length is one thing, not as many rows.
  return size > 0 && inputs.some(({ shape }) => shape.length < 2) ? undefined : size;
};

/**
 * How rows may run: together only if the graph keeps them apart, and runs with small and large numbers agree. A model that answers
 * every row, and not independently of others, gets one at a time; one whose answers are no rows gets whole requests.
 *
 * @param isIndependent whether the graph keeps rows apart
 * @param single what it answered to as many rows as it states, or to one
 */
export const decideBatching = async (
  session: Session,
  width: number,
  isIndependent: boolean,
  single: Tensors,
): Promise<Batching> => {
  const { inputs } = session;
  const first = firstSize(inputs);
  if (first === undefined || !consistsOfRows(single, Math.max(1, first))) return 'none';
  if (first > 1) return isIndependent ? 'fixed' : 'none';
  if (first === 1) return 'one';
  let agreed = 0;
  const end = performance.now() + enoughMs;
  for (const [index, fill] of fills.entries()) {
    const one = await attempt(session, makeRows(inputs, 1, width, fill, index + 1), 1);
    const others = makeRows(inputs, 2, width, fills.at(index - 1) ?? fill, index + 101);
    const beside = await attempt(session, others, 2);
    if (one === undefined || beside === undefined) continue;
    if (!consistsOfRows(beside, 2)) return 'none';
    if (!isIndependent) return 'one';
    const feeds = concatenateAll([makeRows(inputs, 1, width, fill, index + 1), others]);
    const together = await attempt(session, feeds, 3);
    if (together === undefined || !consistsOfRows(together, 3)) return 'one';
    if (!alike(takeRows(together, 0, 1), one) || !alike(takeRows(together, 1, 2), beside)) return 'one';
    agreed += 1;
    if (performance.now() > end) break;
  }
  return agreed > 0 ? 'any' : 'one';
};

const attempt = async (session: Session, feeds: Tensors, rows: number): Promise<Tensors | undefined> => {
  try {
    return await session.run(feeds, rows, null);
  } catch {
    // These values are none that it takes; others may be.
    return undefined;
  }
};

const consistsOfRows = (outputs: Tensors, rows: number) => Object.values(outputs).every(({ dims }) => dims[0] === rows);

const alike = (left: Tensors, right: Tensors): boolean =>
  Object.entries(left).every(([name, { data }]) => {
    const values = Array.from(data as ArrayLike<Element>);
    const size = Math.max(0, ...values.map((value) => (Number.isFinite(value) ? Math.abs(Number(value)) : 0)));
    return values.every((value, index) => close(value, right[name]?.data[index], size));
  });

/** Products are summed up in another order where there are more rows: the last digits may differ, measured by the largest number. */
const close = (left: Element, right: Element | undefined, size: number): boolean =>
  typeof left === 'number' && typeof right === 'number'
    ? Object.is(left, right) || Math.abs(left - right) <= 1e-4 * size
    : left === right;
