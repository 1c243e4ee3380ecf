import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { describeValue, isGlobal, isObject, type Value } from '../pickle/values.ts';
import { selectColumns } from './column-selection.ts';
import { asNumbers, columnsOf as toColumns } from './columns.ts';
import type { Column, Context, Predictor, Transformer } from './context.ts';
import { applyFunction } from './functions.ts';

/** The estimators of a Pipeline, without names and without steps that pass through. */
export function pipelineSteps(estimator: Estimator): Value[] {
  return estimator.list('steps').flatMap((step) => {
    if (!Array.isArray(step)) throw unsupportedPickle('holds a Pipeline without steps');
    const member = step[1] ?? null;
    return member === null || member === 'passthrough' ? [] : [member];
  });
}

function throughSteps(steps: readonly Value[], columns: readonly Column[], context: Context): readonly Column[] {
  return steps.reduce<readonly Column[]>((current, step) => context.transform(step, current), columns);
}

export const pipelinePredictor: Predictor = (estimator, columns, context) => {
  const steps = pipelineSteps(estimator);
  return context.predict(steps.at(-1), throughSteps(steps.slice(0, -1), columns, context));
};

export const pipelineTransformer: Transformer = (estimator, columns, context) => [
  ...throughSteps(pipelineSteps(estimator), columns, context),
];

/** GridSearchCV and its relatives are their best estimator. */
export const searchPredictor: Predictor = (estimator, columns, context) => {
  if (!estimator.has('best_estimator_')) {
    throw unsupportedPickle(`holds a ${estimator.name} without a best estimator (refit=False?)`);
  }
  return context.predict(estimator.value('best_estimator_'), columns);
};

/** One transformer of a ColumnTransformer or FeatureUnion, which may also be a word. */
function transformPart(part: Value | undefined, columns: readonly Column[], context: Context): Column[] {
  if (part === 'drop' || part === null) return [];
  if (part === 'passthrough') return [...columns];
  return context.transform(part, columns);
}

/** Puts the columns of all parts behind each other, and stops where there are too many. */
function joinParts(parts: readonly Value[], context: Context, columnsOf: (part: Value) => readonly Column[]): Column[] {
  const { maxColumns } = context.limits;
  const all: Column[] = [];
  for (const part of parts) {
    const own = columnsOf(part);
    if (all.length + own.length > maxColumns) throw pickleLimitExceeded('columns', maxColumns);
    all.push(...own);
  }
  return all;
}

export const columnTransformer: Transformer = (estimator, columns, context) =>
  joinParts(estimator.list('transformers_'), context, (entry) => {
    if (!Array.isArray(entry)) throw unsupportedPickle('holds a ColumnTransformer without transformers');
    const [name, part, chosen] = entry;
    if (part === 'drop') return [];
    const indices = selectColumns(estimator, name ?? null, chosen, columns.length, context);
    const own = indices.map((index) => {
      const column = columns[index];
      if (column === undefined) throw unsupportedPickle('holds a ColumnTransformer of columns that there are not');
      return column;
    });
    return own.length === 0 ? [] : transformPart(part, own, context);
  });

export const featureUnion: Transformer = (estimator, columns, context) => {
  if (estimator.has('transformer_weights')) {
    throw unsupportedPickle('holds a FeatureUnion with weights, which is not supported');
  }
  return joinParts(estimator.list('transformer_list'), context, (entry) => {
    if (!Array.isArray(entry)) throw unsupportedPickle('holds a FeatureUnion without transformers');
    return transformPart(entry[1], columns, context);
  });
};

/**
 * FunctionTransformer without a function passes columns on, as does one that only checks them (histogram boosting has
 * such a one within); numpy's functions of one number are known. Any other function is code that is not in the file.
 */
export const functionTransformer: Transformer = (estimator, columns, context) => {
  const called = estimator.value('func') ?? null;
  if (isGlobal(called) && called.module === 'numpy') {
    const changed = applyFunction(called, asNumbers(columns, context), context);
    if (changed !== undefined) return toColumns(changed, columns.length, context);
  }
  const [checked] = isObject(called) && called.type.name === 'partial' && Array.isArray(called.args) ? called.args : [];
  const onlyChecks = isGlobal(checked) && checked.name === 'check_array';
  if (called !== null && !onlyChecks) {
    throw unsupportedPickle(`holds a FunctionTransformer of ${describeValue(called)}, which is not supported`);
  }
  return [...columns];
};
