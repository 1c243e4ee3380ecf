import { stat } from 'node:fs/promises';
import type { ColumnRules, DatasetColumn, ValidateAnswer, ValidationSchema, Violation } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import { writeTable } from '../engine/write-table.ts';
import { countRows, openTable, rowColumn, type TableColumn } from '../steps/table.ts';
import { compileRules, repeatedValues } from './rules.ts';

export interface ValidateInput {
  /** The stored table. */
  readonly path: string;
  readonly schema: ValidationSchema;
  /** Where the table of violations is to be written; it is written if there are any. */
  readonly output: string;
  /** How many violations to answer. */
  readonly first: number;
}

export interface ValidateResult {
  readonly rows: number;
  readonly violations: number;
  readonly invalidRows: number;
  readonly columns: ValidateAnswer['columns'];
  readonly first: Violation[];
  readonly bytes: number;
}

/** The table of violations, as it can be downloaded. */
export const violationColumns: DatasetColumn[] = [
  { name: 'row', type: 'integer' },
  { name: 'column', type: 'string' },
  { name: 'rule', type: 'string' },
  { name: 'value', type: 'string' },
  { name: 'message', type: 'string' },
];

const longestValue = 1000;

/**
 * Holds a table to rules. Every row that breaks one is reported, in the order of the rows: each rule is a query over its own
 * column only, which a columnar file answers without reading the others.
 */
export const validate = async (session: Session, input: ValidateInput): Promise<ValidateResult> => {
  const table = await openTable(session, input.path);
  const rows = await countRows(session, table);
  const queries: string[] = [];
  for (const [name, rules] of Object.entries(input.schema)) {
    const column = table.columns.find((one) => one.name === name);
    if (column === undefined) {
      queries.push(missingColumn(name, rules.required === true ? 'required' : 'column', queries.length));
      continue;
    }
    for (const rule of await compileRules(session, column, rules)) {
      queries.push(
        violations(
          `SELECT ${rowColumn}, ${identifier(name)} FROM ${table.relation} WHERE ${rule.breaks}`,
          column,
          rule,
          queries.length,
        ),
      );
    }
    if (rules.unique === true) {
      queries.push(
        violations(
          repeatedValues(table.relation, column),
          column,
          { name: 'unique', message: 'occurs before' },
          queries.length,
        ),
      );
    }
  }
  const columns = compareColumns(table.columns, input.schema);
  const found = queries.length === 0 ? nothing : await report(session, queries, input);
  return { rows, columns, ...found };
};

const compareColumns = (columns: readonly TableColumn[], schema: ValidationSchema): ValidateAnswer['columns'] => {
  const names = new Set(columns.map(({ name }) => name));
  return {
    missing: Object.keys(schema).filter((name) => !names.has(name)),
    new: columns.flatMap(({ name }) => (Object.hasOwn(schema, name) ? [] : name)),
    retyped: columns.flatMap((column) => (isRetyped(column, schema[column.name]) ? column.name : [])),
  };
};

const isRetyped = ({ type }: TableColumn, rules: ColumnRules | undefined): boolean => {
  switch (rules?.type) {
    case undefined:
      return false;
    case 'number':
      return type !== 'integer' && type !== 'number' && type !== 'decimal';
    case 'datetime':
      return type !== 'datetime' && type !== 'datetime_tz';
    case 'integer':
    case 'boolean':
    case 'date':
      return type !== rules.type;
    default:
      return type !== 'string';
  }
};

type Found = Pick<ValidateResult, 'violations' | 'invalidRows' | 'first' | 'bytes'>;
const nothing: Found = { violations: 0, invalidRows: 0, first: [], bytes: 0 };

const report = async (
  session: Session,
  queries: readonly string[],
  { output, first }: ValidateInput,
): Promise<Found> => {
  await session.run(`CREATE TEMP TABLE violations AS ${queries.join(' UNION ALL ')}`);
  const counts = await session.row('SELECT count(*) AS violations, count(DISTINCT "row") AS invalid FROM violations');
  const total = Number(counts.violations);
  if (total === 0) return nothing;
  const ordered = 'SELECT "row", "column", rule, value, message FROM violations ORDER BY "row" NULLS FIRST, place';
  await writeTable(session, ordered, output);
  const shown = await session.rows(`${ordered} LIMIT ${first}`);
  return {
    violations: total,
    invalidRows: Number(counts.invalid),
    first: shown.map((row) => ({
      row: row.row === null ? null : Number(row.row),
      column: String(row.column),
      rule: String(row.rule),
      value: row.value === null ? null : String(row.value),
      message: String(row.message),
    })),
    bytes: (await stat(output)).size,
  };
};

const violations = (
  query: string,
  column: TableColumn,
  rule: { name: string; message: string },
  place: number,
): string => {
  const name = identifier(column.name);
  const value = column.type === 'binary' ? `to_base64(${name})` : `CAST(${name} AS VARCHAR)`;
  return `SELECT ${place} AS place, ${rowColumn} + 1 AS "row", ${literal(column.name)} AS "column", ${literal(rule.name)} AS rule,
    left(${value}, ${longestValue}) AS value, ${literal(rule.message)} AS message FROM (${query})`;
};

const missingColumn = (name: string, rule: string, place: number): string =>
  `SELECT ${place} AS place, CAST(NULL AS BIGINT) AS "row", ${literal(name)} AS "column", ${literal(rule)} AS rule,
    CAST(NULL AS VARCHAR) AS value, 'the column is missing' AS message`;
