/** A size of a value: known, as many as there are rows, or unknown. */
export type Size = number | 'rows' | null;

/**
 * What is known of a value of a graph before it runs.
 *
 * `constant`: the same in every run. `size`: made of the number of rows (and other sizes) alone. `rows`: one axis is that of the rows, and
 * each step along it depends on that row alone. `mixed`: depends on several rows at once, or nobody knows.
 */
export type Flow =
  | { readonly kind: 'constant'; readonly dims: readonly Size[] | null; readonly items?: readonly Size[] }
  | { readonly kind: 'size'; readonly dims: readonly Size[] | null; readonly items?: readonly Size[] }
  | { readonly kind: 'rows'; readonly dims: readonly Size[]; readonly axis: number }
  | { readonly kind: 'mixed' };

export type RowFlow = Extract<Flow, { kind: 'rows' }>;

export const mixed: Flow = { kind: 'mixed' };

/** @returns a value whose rows lie along `axis`; mixed where there is no such axis. */
export const rowsAlong = (axis: number, dims: readonly Size[]): Flow =>
  axis >= 0 && axis < dims.length ? { kind: 'rows', axis, dims } : mixed;

export const constantOf = (dims: readonly Size[] | null, items?: readonly Size[]): Flow =>
  items === undefined ? { kind: 'constant', dims } : { kind: 'constant', dims, items };

/** Whether a value is the same whatever the rows are. */
export const isFixed = (flow: Flow | undefined): boolean => flow === undefined || flow.kind === 'constant';

/** Counts an axis from the front, as ONNX allows it to be counted from the end. */
export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Numbers that are known before a run, as axes and sizes mostly are. */
export const numbersOf = (flow: Flow | undefined): readonly number[] | undefined =>
  flow?.kind === 'constant' && flow.items?.every((item) => typeof item === 'number') === true
    ? (flow.items as readonly number[])
    : undefined;

/** Sizes that are numbers or the number of rows. */
export const sizesIn = (flow: Flow | undefined): readonly Size[] | undefined =>
  flow?.kind === 'constant' || flow?.kind === 'size' ? flow.items : undefined;

/** The product of sizes; undefined where one is not a number. */
export const productOf = (sizes: readonly Size[]): number | undefined => {
  let product = 1;
  for (const size of sizes) {
    if (typeof size !== 'number') return undefined;
    product *= size;
  }
  return product;
};
