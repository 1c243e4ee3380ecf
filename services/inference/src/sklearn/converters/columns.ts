import { attribute } from '@vindima/onnx';
import { pickleLimitExceeded, unsupportedPickle } from '../errors.ts';
import type { Column, Context } from './context.ts';

/** @returns the columns of a tensor that was computed. */
export function columnsOf(from: string, count: number, context: Context, kind: Column['kind'] = 'number'): Column[] {
  if (count > context.limits.maxColumns) throw pickleLimitExceeded('columns', context.limits.maxColumns);
  return Array.from({ length: count }, (_, at) => ({ from, at, of: count, kind, raw: null }));
}

/** @returns one float64 tensor of all columns, in their order. Texts are read as numbers. */
export function asNumbers(columns: readonly Column[], context: Context): string {
  if (columns.length === 0) throw unsupportedPickle('has a model without any column');
  const runs: Column[][] = [];
  for (const column of columns) {
    const run = runs.at(-1);
    if (run?.[0]?.from === column.from) run.push(column);
    else runs.push([column]);
  }
  const tensors = runs.map((run) => {
    const value = gather(run, context);
    return run[0]?.kind === 'text' ? context.math.cast(value, 'float64') : value;
  });
  return context.math.concat(tensors);
}

/** @returns one column as a tensor of texts, [rows, 1]. */
export function asText(column: Column, context: Context): string {
  if (column.kind === 'text') return gather([column], context);
  if (column.raw === null) throw unsupportedPickle('has a model that reads computed numbers as texts');
  context.notes.wantText(column.raw);
  return context.math.cast(gather([column], context), 'string');
}

function gather(run: readonly Column[], { graph, math, notes }: Context): string {
  for (const { raw } of run) notes.use(raw);
  const [first] = run;
  if (first === undefined) throw new Error('no columns to gather');
  const whole = run.length === first.of && run.every((column, at) => column.at === at);
  return whole
    ? first.from
    : graph.node('Gather', [first.from, math.integers(run.map((column) => column.at))], { axis: attribute.int(1) });
}

/** Refuses a model whose weights are for another number of columns than it gets: the runtime must not see it. */
export function expectWidth(name: string, expected: number | undefined, columns: readonly Column[]): void {
  if (expected !== columns.length) {
    throw unsupportedPickle(`holds a ${name} for ${expected} columns that gets ${columns.length}`);
  }
}
