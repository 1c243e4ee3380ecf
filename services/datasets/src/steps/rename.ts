import { type OperationOf, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { columnNames } from '../ingest/column-names.ts';
import { createWarnings } from '../ingest/warnings.ts';
import { pickColumn, project, type Table } from './table.ts';

/** Gives columns other names, all at once, so that two can change places. @throws 422 `datasets.wrong_name` */
export const rename = async (session: Session, table: Table, { params }: OperationOf<'rename'>): Promise<Table> => {
  const wanted = new Map(Object.entries(params.columns).map(([from, to]) => [pickColumn(table, from).name, to]));
  const names = table.columns.map(({ name }) => wanted.get(name) ?? name);
  const warnings = createWarnings();
  columnNames(names, warnings);
  const [problem] = warnings.list();
  if (problem !== undefined) {
    throw new ServiceError(
      422,
      'datasets.wrong_name',
      'Columns need different names (without regard to case) that can be printed.',
      {
        details: { problem: problem.message },
      },
    );
  }
  return project(
    session,
    table,
    table.columns.map(({ name }, index) => [names[index] ?? name, identifier(name)] as const),
  );
};
