import { type ColumnRules, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier, literal, scalar } from '../engine/sql.ts';
import { checkedPattern } from '../steps/filter.ts';
import { columnLiteral, fittingLiteral } from '../steps/literal.ts';
import { isNumeric, rowColumn, type TableColumn } from '../steps/table.ts';

/** One rule of one column, as SQL. */
export interface Rule {
  readonly name: string;
  readonly message: string;
  /** True for the rows that break it; over the column and the row's place. */
  readonly breaks: string;
}

// Addresses as HTML's e-mail field takes them, with a dot in the domain; the whole has at most 254 characters (RFC 5321).
const local = "[a-zA-Z0-9.!#$%&'*+/=?^_{|}~`-]{1,64}";
const label = '[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const email = String.raw`${local}@${label}(\.${label})+`;
// RFC 3986: a scheme, and only characters that a URI may have.
const uri = String.raw`[a-zA-Z][a-zA-Z0-9+.-]*:[a-zA-Z0-9._~:/?#\[\]@!$&'()*+,;=%-]+`;
const uuid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const zone = '( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?';
const clock = String.raw`[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?`;
const number = String.raw`[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?`;

/** The rules of a column as SQL. @throws 422 where a rule makes no sense for the column's type or a pattern is wrong */
export const compileRules = async (session: Session, column: TableColumn, rules: ColumnRules): Promise<Rule[]> => {
  const name = identifier(column.name);
  const present = `${name} IS NOT NULL`;
  const compiled: Rule[] = [];
  const add = (rule: string, breaks: string, message: string) => compiled.push({ name: rule, breaks, message });
  if (rules.required === true) add('required', `${name} IS NULL`, 'a value is required');
  if (rules.type !== undefined) {
    const wrong = breaksType(rules.type, column);
    if (wrong !== undefined) add('type', `${present} AND ${wrong}`, `is not of type ${rules.type}`);
  }
  for (const [rule, bound, sign, words] of [
    ['min', rules.min, '<', 'is less than'],
    ['max', rules.max, '>', 'is greater than'],
  ] as const) {
    if (bound !== undefined)
      add(
        rule,
        `${await comparable(session, column, rules, bound)} ${sign} ${await boundOf(session, column, rules, bound)}`,
        `${words} ${bound}`,
      );
  }
  const text = column.type === 'binary' ? `to_base64(${name})` : `CAST(${name} AS VARCHAR)`;
  if (rules.min_length !== undefined)
    add('min_length', `length(${text}) < ${rules.min_length}`, `is shorter than ${rules.min_length} characters`);
  if (rules.max_length !== undefined)
    add('max_length', `length(${text}) > ${rules.max_length}`, `is longer than ${rules.max_length} characters`);
  if (rules.pattern !== undefined) {
    const pattern = await checkedPattern(session, rules.pattern);
    add('pattern', `${present} AND NOT regexp_matches(${text}, ${pattern})`, `does not match ${rules.pattern}`);
  }
  if (rules.enum !== undefined) {
    const allowed: string[] = [];
    for (const value of rules.enum) {
      const fitting = await fittingLiteral(session, column, value);
      if (fitting !== undefined) allowed.push(fitting);
    }
    // A subquery is looked up in a hash table, where a list is gone through value by value.
    const listed = allowed.length === 0 ? 'true' : `${name} NOT IN (SELECT unnest([${allowed.join(', ')}]))`;
    add(
      'enum',
      `${present} AND ${listed}`,
      `is not one of ${rules.enum.slice(0, 20).map(String).join(', ')}${rules.enum.length > 20 ? ', ...' : ''}`,
    );
  }
  return compiled;
};

/** The second and later rows of equal values, as a query of row and value; rows are compared among suspects only. */
export const repeatedValues = (relation: string, column: TableColumn): string => {
  const name = identifier(column.name);
  return `SELECT ${rowColumn}, ${name} FROM (
    SELECT ${rowColumn}, ${name}, row_number() OVER (PARTITION BY ${name} ORDER BY ${rowColumn}) AS occurrence FROM ${relation}
    WHERE ${name} IN (SELECT ${name} FROM ${relation} WHERE ${name} IS NOT NULL GROUP BY 1 HAVING count(*) > 1)
  ) WHERE occurrence > 1`;
};

/** SQL that is true for a value that is not of the type; undefined where the column's own type rules that out. */
const breaksType = (type: NonNullable<ColumnRules['type']>, column: TableColumn): string | undefined => {
  const name = identifier(column.name);
  const textual = column.type === 'string';
  const no = (pattern: string) => (textual ? `NOT regexp_full_match(${name}, ${literal(pattern)})` : 'true');
  switch (type) {
    case 'string':
      return column.type === 'binary' ? 'true' : undefined;
    case 'integer':
      if (column.type === 'integer') return undefined;
      return isNumeric(column) ? `${name} <> trunc(${name})` : no(String.raw`[-+]?[0-9]+(\.0+)?`);
    case 'number':
      return isNumeric(column) ? undefined : no(number);
    case 'boolean':
      return column.type === 'boolean' ? undefined : textual ? `lower(${name}) NOT IN ('true', 'false')` : 'true';
    case 'date':
      if (column.type === 'date') return undefined;
      return textual ? `(${no(day)} OR TRY_CAST(${name} AS DATE) IS NULL)` : 'true';
    case 'datetime':
      if (column.type === 'datetime' || column.type === 'datetime_tz') return undefined;
      return textual ? `(${no(`${day}[T ]${clock}${zone}`)} OR TRY_CAST(${name} AS TIMESTAMPTZ) IS NULL)` : 'true';
    case 'email':
      return textual
        ? `(length(${name}) > 254 OR ${no(email)} OR contains(${name}, '..') OR starts_with(${name}, '.') OR contains(${name}, '.@'))`
        : 'true';
    case 'uri':
      return no(uri);
    case 'uuid':
      return no(uuid);
  }
};

/** What a bound is compared with: dates with dates, everything else as a number. Text that is no number breaks `type`, not this. */
const comparable = async (
  _session: Session,
  column: TableColumn,
  rules: ColumnRules,
  bound: number | string,
): Promise<string> => {
  const name = identifier(column.name);
  if (isDate(column) || isNumeric(column)) return name;
  if (column.type !== 'string') throw unsuitable(column, bound);
  if (rules.type === 'date' || rules.type === 'datetime') return `TRY_CAST(${name} AS TIMESTAMP)`;
  return `TRY_CAST(${name} AS DOUBLE)`;
};

const boundOf = async (
  session: Session,
  column: TableColumn,
  rules: ColumnRules,
  bound: number | string,
): Promise<string> => {
  if (isDate(column)) return columnLiteral(session, column, bound);
  if (column.type === 'string' && (rules.type === 'date' || rules.type === 'datetime')) {
    return columnLiteral(session, { ...column, type: 'datetime', physical: 'TIMESTAMP' }, bound);
  }
  if (Number.isNaN(Number(bound))) throw unsuitable(column, bound);
  return scalar(Number(bound));
};

const isDate = ({ type }: TableColumn) =>
  type === 'date' || type === 'datetime' || type === 'datetime_tz' || type === 'time';

const unsuitable = (column: TableColumn, bound: number | string) =>
  new ServiceError(
    422,
    'datasets.wrong_rule',
    `Column ${JSON.stringify(column.name)}, of type ${column.type}, cannot be compared with ${JSON.stringify(bound)}.`,
    {
      details: { column: column.name, type: column.type, bound },
    },
  );
