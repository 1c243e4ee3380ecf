// Makes the benchmark's table: `generate.ts FILE ROWS`. Eight columns of mixed types, 5% of ages and notes missing, 2% of the
// rows a repetition of an earlier one.
import { DuckDBInstance } from '@duckdb/node-api';

const [file = '', rows = '1000000'] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run(`
  COPY (
    SELECT
      i AS id,
      'Person ' || (hash(i, 1) % 200000) AS name,
      'user' || i || '@example' || (i % 97) || '.org' AS email,
      CASE WHEN hash(i, 2) % 40 = 0 THEN NULL ELSE CAST(hash(i, 3) % 160 AS INTEGER) END AS age,
      round((hash(i, 4) % 10000000) / 100.0 - 100, 2) AS amount,
      hash(i, 5) % 3 = 0 AS active,
      CAST(DATE '2000-01-01' + CAST(hash(i, 6) % 9000 AS INTEGER) AS DATE) AS day,
      CASE WHEN hash(i, 7) % 40 = 0 THEN NULL ELSE 'note, number ' || (hash(i, 8) % 1000) END AS note
    FROM (SELECT CASE WHEN hash(r, 9) % 50 = 0 AND r > 0 THEN CAST(hash(r, 10) % r AS BIGINT) ELSE r END AS i FROM range(${Number(rows)}) AS t(r))
  ) TO '${file}' (FORMAT csv, HEADER true)`);
connection.closeSync();
instance.closeSync();
