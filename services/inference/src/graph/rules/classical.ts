import { constantOf, isFixed, mixed, rowsAlong, type Size } from '../flow.ts';
import { intOf, type Rule } from './rule.ts';

/** Operators of ai.onnx.ml that make numbers of each row of a matrix. A value of one axis they take for one row. */
const perRow =
  (dimsOf: (columns: Size) => readonly Size[]): Rule =>
  (_, [input, ...others]) => {
    if (input?.kind !== 'rows' || input.axis !== 0 || input.dims.length !== 2 || !others.every(isFixed)) return mixed;
    return rowsAlong(0, ['rows', ...dimsOf(input.dims[1] ?? null)]);
  };

/** The class of each row, and its scores. */
export const classifier: Rule = (node, inputs, opset) => {
  const scores = perRow(() => [null])(node, inputs, opset);
  return 'kind' in scores && scores.kind === 'rows' ? [rowsAlong(0, ['rows']), scores] : mixed;
};

export const regressor = perRow(() => [null]);
export const keepsColumns = perRow((columns) => [columns]);

/** Looks up text or numbers one by one. */
export const lookup: Rule = (_, [input]) =>
  input?.kind === 'rows' ? input : isFixed(input) ? constantOf(null) : mixed;

export const oneHotOfCategories: Rule = (_, [input]) =>
  input?.kind === 'rows' ? rowsAlong(input.axis, [...input.dims, null]) : mixed;

/** Takes places out of the last axis; a value of one axis is taken for one row. */
export const extractor: Rule = (_, [data, places]) => {
  if (data?.kind === 'rows' && data.dims.length >= 2 && data.axis < data.dims.length - 1 && isFixed(places)) {
    return rowsAlong(data.axis, [...data.dims.slice(0, -1), null]);
  }
  // Classes out of a constant list, by the place of each row: [1, rows].
  if (data?.kind === 'constant' && places?.kind === 'rows' && places.dims.length === 1)
    return rowsAlong(1, [1, 'rows']);
  return mixed;
};

export const featureVectorizer: Rule = (_, inputs) => {
  const apart = inputs.every((input) => input?.kind === 'rows' && input.axis === 0 && input.dims.length === 2);
  return apart ? rowsAlong(0, ['rows', null]) : mixed;
};

/** Counts words in each row of a matrix; a value of one axis is one text. */
export const tfIdf: Rule = (_, [input]) =>
  input?.kind === 'rows' && input.dims.length === 2 && input.axis === 0 ? rowsAlong(0, ['rows', null]) : mixed;

/** Changes letters one text at a time, unless it leaves texts out. */
export const stringNormalizer: Rule = (node, [input]) =>
  input?.kind === 'rows' && node.attributes.stopwords === undefined ? input : mixed;

export const stringSplit: Rule = (_, [input]) =>
  input?.kind === 'rows' ? [rowsAlong(input.axis, [...input.dims, null]), input] : mixed;

/** A norm of each row: along another axis than theirs. */
export const lpNormalization: Rule = (node, [input]) => {
  if (input?.kind !== 'rows') return mixed;
  const axis = intOf(node, 'axis', -1);
  return (axis < 0 ? axis + input.dims.length : axis) === input.axis ? mixed : input;
};

/** Numbers of eight bits with a scale that is a constant: for all elements, or along another axis than the rows'. */
export const quantise: Rule = (node, [input, ...scales]) => {
  if (!scales.every(isFixed)) return mixed;
  if (input?.kind !== 'rows')
    return isFixed(input) ? constantOf(input?.kind === 'constant' ? input.dims : null) : mixed;
  const [scale] = scales;
  const isOne = scale?.kind === 'constant' && scale.dims !== null && scale.dims.every((size) => size === 1);
  const axis = intOf(node, 'axis', 1);
  return isOne || (axis < 0 ? axis + input.dims.length : axis) !== input.axis ? input : mixed;
};
