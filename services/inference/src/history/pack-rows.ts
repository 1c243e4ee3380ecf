import type { ClassificationTable } from '../db/tables.ts';

// A character that no column has: names of models are letters, and JSON writes control characters as escapes.
const between = '\u001f';

/** The columns of a packed row, in their order. `class` is JSON: its name may have any character, and may be missing. */
export const packedColumns = ['id', 'model', 'version', 'source', 'class', 'input', 'output'] as const;

/** Rows as one text. */
export const packRows = (rows: readonly ClassificationTable[]): string =>
  rows
    .map(
      ({ id, model, version, source, class: name, input, output }) =>
        `${id}${between}${model}${between}${version}${between}${source}${between}${JSON.stringify(name)}${between}${input}${between}${output}`,
    )
    .join(between);

/** The reverse of `packRows`: the columns of all rows behind each other. */
export const unpackRows = (packed: string): string[] => packed.split(between);
