import type { ClassificationTable } from '../db/tables.ts';

// Characters that no column has: names of models are letters, and JSON writes control characters as escapes.
const betweenColumns = '\u001f';
const betweenRows = '\u001e';

/** Rows as one text. */
export const packRows = (rows: readonly ClassificationTable[]): string =>
  rows
    .map(({ id, model, version, source, class: name, input, output }) =>
      [id, model, version, source, JSON.stringify(name), input, output].join(betweenColumns),
    )
    .join(betweenRows);

/** The reverse of `packRows`. */
export const unpackRows = (packed: string): ClassificationTable[] =>
  packed.split(betweenRows).map((row) => {
    const [id = '', model = '', version = '', source = '', name = 'null', input = '', output = ''] =
      row.split(betweenColumns);
    return { id, model, version: Number(version), source, class: JSON.parse(name), input, output };
  });
