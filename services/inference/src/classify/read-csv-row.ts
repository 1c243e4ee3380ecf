import { type InferenceSignature, ServiceError } from '@vindima/contracts';

/**
 * Makes a function that turns the cells of a CSV record into a row: numbers where the model wants numbers. Columns that the model does not
 * know are left out, as a table often has more than a model needs. A text that is no number stays one, a missing cell stays missing, and a
 * cell beyond the header comes along: each is refused with its name where the row is read. An empty cell is `null`, which is a missing
 * value; `""` is the empty text.
 *
 * @throws ServiceError 422 `inference.not_tabular` for a model whose rows are not flat
 */
export const createCsvRowReader = (
  { features }: InferenceSignature,
  header: readonly string[],
  extra: 'refuse' | 'ignore' = 'ignore',
) => {
  if (features === null) {
    throw new ServiceError(422, 'inference.not_tabular', 'A row of this model is not flat: send it as JSON.');
  }
  const columns = features.map(({ name, type }) => ({ name, type, index: header.indexOf(name) }));
  return (cells: readonly (string | null)[]): Record<string, unknown> => {
    const row: Record<string, unknown> = {};
    for (const { name, type, index } of columns) {
      const text = cells[index];
      if (text === undefined) continue;
      row[name] = text === null || type !== 'number' ? text : isNumber(text) ? Number(text) : text;
    }
    if (extra === 'refuse')
      for (const [index, name] of header.entries()) if (!Object.hasOwn(row, name)) row[name] = cells[index];
    if (cells.length > header.length) row[`cell ${header.length + 1}`] = cells[header.length];
    return row;
  };
};

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
