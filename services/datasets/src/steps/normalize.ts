import { type OperationOf, ServiceError } from '@vindima/contracts';
import { finite } from '../analysis/numbers.ts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { isNumeric, pickColumns, replaceColumns, type Table } from './table.ts';

/** Scales numbers to 0..1 (min-max), or to a mean of 0 and a standard deviation (of the sample) of 1; a constant column becomes 0. */
export const normalize = async (
  session: Session,
  table: Table,
  { params }: OperationOf<'normalize'>,
): Promise<Table> => {
  const columns = params.columns === undefined ? table.columns.filter(isNumeric) : pickColumns(table, params.columns);
  const wrong = columns.find((column) => !isNumeric(column));
  if (wrong !== undefined || columns.length === 0) {
    throw new ServiceError(
      422,
      'datasets.not_numeric',
      wrong
        ? `Column ${JSON.stringify(wrong.name)} cannot be normalized: it holds values of type ${wrong.type}.`
        : 'The table has no columns of numbers.',
    );
  }
  const value = (name: string) => `CAST(${identifier(name)} AS DOUBLE)`;
  const [centre, spread] =
    params.method === 'min-max'
      ? [(name: string) => `min(${finite(name)})`, (name: string) => `max(${finite(name)}) - min(${finite(name)})`]
      : [(name: string) => `avg(${finite(name)})`, (name: string) => `stddev_samp(${finite(name)})`];
  const statistics = await session.row(
    `SELECT ${columns.map(({ name }, index) => `CAST(${centre(name)} AS VARCHAR) AS c${index}, CAST(${spread(name)} AS VARCHAR) AS s${index}`).join(', ')} FROM ${table.relation}`,
  );
  const double = (text: unknown) => `CAST('${String(text)}' AS DOUBLE)`;
  return replaceColumns(session, table, (column) => {
    const index = columns.findIndex(({ name }) => name === column.name);
    const centred = statistics[`c${index}`];
    const scale = statistics[`s${index}`];
    if (index === -1) return undefined;
    if (typeof centred !== 'string') return value(column.name);
    const difference = `(${value(column.name)} - ${double(centred)})`;
    return Number(scale ?? 0) === 0 ? `${difference} * 0` : `${difference} / ${double(scale)}`;
  });
};
