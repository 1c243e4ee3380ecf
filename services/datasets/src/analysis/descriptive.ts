import { type DescriptiveStatistics, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { isNumeric, pickColumns, type Table, type TableColumn } from '../steps/table.ts';
import { finite, numberOrNull } from './numbers.ts';

/**
 * Mean, median, standard deviation of the sample, smallest and largest value of each column of numbers.
 * @returns one object for one column, else one by column
 */
export const descriptive = async (
  session: Session,
  table: Table,
  names: readonly string[] | undefined,
): Promise<DescriptiveStatistics | Record<string, DescriptiveStatistics>> => {
  const columns = numericColumns(table, names);
  const expressions = columns.map(({ name }, index) => {
    const value = finite(name);
    return `avg(${value}) AS mean${index}, median(${value}) AS median${index}, stddev_samp(${value}) AS std${index},
      min(${value}) AS min${index}, max(${value}) AS max${index}`;
  });
  const row = await session.row(`SELECT ${expressions.join(', ')} FROM ${table.relation}`);
  const results = columns.map((column, index): [string, DescriptiveStatistics] => [
    column.name,
    {
      mean: numberOrNull(row[`mean${index}`]),
      median: numberOrNull(row[`median${index}`]),
      std_dev: numberOrNull(row[`std${index}`]),
      min: numberOrNull(row[`min${index}`]),
      max: numberOrNull(row[`max${index}`]),
    },
  ]);
  const [only] = results;
  return results.length === 1 && only !== undefined ? only[1] : Object.fromEntries(results);
};

/** The columns of numbers among those that are named, or all. @throws 422 `datasets.not_numeric` */
export const numericColumns = (table: Table, names: readonly string[] | undefined): readonly TableColumn[] => {
  const columns = names === undefined ? table.columns.filter(isNumeric) : pickColumns(table, names);
  const wrong = columns.find((column) => !isNumeric(column));
  if (wrong !== undefined || columns.length === 0) {
    throw new ServiceError(
      422,
      'datasets.not_numeric',
      wrong === undefined
        ? 'The table has no columns of numbers.'
        : `Column ${JSON.stringify(wrong.name)} holds no numbers.`,
    );
  }
  return columns;
};
