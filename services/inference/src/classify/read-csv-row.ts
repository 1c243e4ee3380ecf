import { type InferenceSignature, ServiceError } from '@vindima/contracts';

/**
 * Turns the texts of a CSV record into a row: numbers where the model wants numbers. Columns that the model does not know are
 * left out, as a table often has more than a model needs; a text that is no number stays one, and is refused with its name.
 *
 * @throws ServiceError 422 `inference.not_tabular` for a model whose rows are not flat
 */
export const readCsvRow = (
  { features }: InferenceSignature,
  record: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  if (features === null) {
    throw new ServiceError(422, 'inference.not_tabular', 'A row of this model is not flat: send it as JSON.');
  }
  const row: Record<string, unknown> = {};
  for (const { name, type } of features) {
    const text = record[name];
    if (text === undefined) continue;
    row[name] = type === 'number' && isNumber(text) ? Number(text) : text;
  }
  return row;
};

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
