import { type FilterCondition, type OperationOf, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier, literal, scalar } from '../engine/sql.ts';
import { readAs } from '../ingest/types/read-as.ts';
import { columnLiteral } from './literal.ts';
import { pickColumn, type Table, type TableColumn } from './table.ts';

const comparisons: Readonly<Partial<Record<FilterCondition['operator'], string>>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** Keeps the rows that meet all conditions, or any. A missing value meets only `is_missing`. */
export const filter = async (session: Session, table: Table, { params }: OperationOf<'filter'>): Promise<Table> => {
  const conditions: string[] = [];
  for (const condition of params.conditions) {
    conditions.push(`coalesce(${await predicate(session, pickColumn(table, condition.column), condition)}, false)`);
  }
  const where = conditions.join(params.match === 'any' ? ' OR ' : ' AND ');
  return { ...table, relation: `(SELECT * FROM ${table.relation} WHERE ${where})` };
};

const predicate = async (session: Session, column: TableColumn, condition: FilterCondition): Promise<string> => {
  const name = identifier(column.name);
  const { operator, value } = condition;
  if (operator === 'is_missing') return `${name} IS NULL`;
  if (operator === 'is_present') return `${name} IS NOT NULL`;
  if (value === undefined) throw wrongCondition(condition, 'needs a value');
  if (operator === 'in' || operator === 'not_in') {
    const values = Array.isArray(value) ? value : [value];
    const list: string[] = [];
    for (const one of values) list.push(await columnLiteral(session, column, one));
    return `${name} ${operator === 'in' ? 'IN' : 'NOT IN'} (${list.join(', ')})`;
  }
  if (Array.isArray(value)) throw wrongCondition(condition, 'takes one value');
  const comparison = comparisons[operator];
  if (comparison !== undefined) {
    const number = numericComparison(column, operator, value);
    return number === undefined
      ? `${name} ${comparison} ${await columnLiteral(session, column, value)}`
      : `${number} ${comparison} ${scalar(Number(value))}`;
  }
  if (column.type !== 'string') throw wrongCondition(condition, 'looks into text only');
  const text = literal(String(value));
  switch (operator) {
    case 'contains':
      return `contains(${name}, ${text})`;
    case 'starts_with':
      return `starts_with(${name}, ${text})`;
    case 'ends_with':
      return `ends_with(${name}, ${text})`;
    default:
      return `regexp_matches(${name}, ${await checkedPattern(session, String(value))})`;
  }
};

/**
 * A number is compared with numbers: text beside it is read as one (what is none meets nothing), and a fraction may stand
 * beside whole numbers. Text in the condition compares letters.
 */
const numericComparison = (
  column: TableColumn,
  operator: FilterCondition['operator'],
  value: unknown,
): string | undefined => {
  if (typeof value !== 'number') return undefined;
  const name = identifier(column.name);
  const ordering = operator !== 'eq' && operator !== 'ne';
  if (column.type === 'string' && ordering) return readAs('number', name);
  return column.type === 'integer' && !Number.isInteger(value) ? `CAST(${name} AS DOUBLE)` : undefined;
};

const wrongCondition = (condition: FilterCondition, what: string) =>
  new ServiceError(
    422,
    'datasets.wrong_condition',
    `The condition ${condition.operator} on ${JSON.stringify(condition.column)} ${what}.`,
    {
      details: { condition },
    },
  );

const maximumPattern = 1000;

/** A pattern as SQL, after RE2, which takes linear time, has taken it. @throws 422 `datasets.wrong_pattern` */
export const checkedPattern = async (session: Session, pattern: string): Promise<string> => {
  const sql = literal(pattern);
  if (pattern.length > maximumPattern || pattern.includes('\0')) {
    throw new ServiceError(
      422,
      'datasets.wrong_pattern',
      `A pattern has at most ${maximumPattern} characters and no NUL.`,
    );
  }
  try {
    await session.row(`SELECT regexp_matches('', ${sql}) AS matches`);
  } catch {
    throw new ServiceError(
      422,
      'datasets.wrong_pattern',
      `The pattern ${JSON.stringify(pattern)} is not a regular expression that RE2 knows.`,
      {
        details: { pattern },
      },
    );
  }
  return sql;
};
