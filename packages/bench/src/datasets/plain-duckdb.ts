// What somebody would write who has DuckDB and no service: one process, the same threads and memory. Started as
// `plain-duckdb.ts FOLDER FILE TASK`; prints the milliseconds of the work, without the start of the process.
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [folder = '', file = '', task = '', threads = '2', memory = '512MB'] = process.argv.slice(2);

const rows = file.endsWith('.csv') ? `read_csv('${file}')` : `read_parquet('${file}')`;
const columns = ['id', 'name', 'email', 'age', 'amount', 'active', 'day', 'note'];
const present = columns.map((name) => `${name} IS NOT NULL`).join(' AND ');
// The same job as ours: of equal rows the first is kept, and the rows stay in their order.
const clean = `SELECT ${columns.join(', ')} FROM (SELECT *, row_number() OVER () AS row FROM ${rows}) WHERE ${present}
  QUALIFY row_number() OVER (PARTITION BY ${columns.join(', ')} ORDER BY row) = 1 ORDER BY row`;
// An easier job: the rows come in any order.
const unordered = `SELECT DISTINCT * FROM ${rows} WHERE ${present}`;
const out = (name: string) => `'${join(folder, name)}'`;

/** The same rules as the benchmark's request; `row` needs a numbered scan. */
const violations = () => {
  const rules: [column: string, breaks: string, rule: string][] = [
    ['name', 'name IS NULL', 'required'],
    ['age', 'age < 0', 'min'],
    ['age', 'age > 150', 'max'],
    ['email', 'email IS NULL', 'required'],
    ['email', String.raw`NOT regexp_full_match(email, '[^@\s]+@[^@\s]+\.[^@\s]+')`, 'type'],
    ['amount', 'amount < 0', 'min'],
  ];
  const parts = rules.map(
    ([column, breaks, rule]) =>
      `SELECT row, '${column}' AS col, '${rule}' AS rule, CAST(${column} AS VARCHAR) AS value FROM numbered WHERE ${breaks}`,
  );
  const unique = `SELECT row, 'id' AS col, 'unique' AS rule, CAST(id AS VARCHAR) AS value FROM (
    SELECT row, id, row_number() OVER (PARTITION BY id ORDER BY row) AS n FROM numbered) WHERE n > 1`;
  return `WITH numbered AS (SELECT *, row_number() OVER () AS row FROM ${rows}) ${[...parts, unique].join(' UNION ALL ')}`;
};

const numbers = ['id', 'age', 'amount'];
const tasks: Record<string, string> = {
  'clean-json': `COPY (${clean}) TO ${out('plain.json')} (FORMAT json, ARRAY true)`,
  'clean-csv': `COPY (${clean}) TO ${out('plain.csv')} (FORMAT csv)`,
  'clean-json-unordered': `COPY (${unordered}) TO ${out('plain.json')} (FORMAT json, ARRAY true)`,
  'clean-csv-unordered': `COPY (${unordered}) TO ${out('plain.csv')} (FORMAT csv)`,
  validate: `COPY (${violations()}) TO ${out('plain-violations.parquet')} (FORMAT parquet)`,
  analyze: `SELECT ${numbers.map((name) => `avg(${name}), median(${name}), stddev_samp(${name}), min(${name}), max(${name})`).join(', ')} FROM ${rows}`,
  'to-parquet': `COPY (SELECT * FROM ${rows}) TO ${out('plain.parquet')} (FORMAT parquet)`,
};

const instance = await DuckDBInstance.create(':memory:', {
  threads,
  memory_limit: memory,
  temp_directory: join(folder, 'plain-spill'),
});
const connection = await instance.connect();
const began = performance.now();
await connection.runAndReadAll(tasks[task] ?? '');
console.log(JSON.stringify({ milliseconds: performance.now() - began, peak: process.resourceUsage().maxRSS * 1024 }));
connection.closeSync();
instance.closeSync();
