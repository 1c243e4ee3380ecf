import { createConnection } from 'mysql2/promise';

const rowsPerInsert = 4000;
const rowsPerTransaction = 20_000;

/**
 * The limit to measure loading against: rows of the same shape into a table with the same keys, by the driver alone, without reading,
 * comparing or places in a feed.
 *
 * @returns milliseconds
 */
export const bareInserts = async (server: string, count: number): Promise<number> => {
  const connection = await createConnection(server);
  try {
    await connection.query('create database bench_bare');
    await connection.query(
      `create table bench_bare.rates (sequence bigint primary key, provider varchar(100) not null, rate_date varchar(10) not null,
       currency varchar(3) not null, revision bigint not null, rate varchar(80), unique (provider, rate_date, currency, revision))
       character set utf8mb4`,
    );
    const rows = Array.from({ length: count }, (_, index) => {
      const date = new Date(Date.UTC(1999, 0, 4 + Math.floor(index / 40))).toISOString().slice(0, 10);
      const currency = `A${String.fromCharCode(65 + ((index % 40) >> 5), 65 + (index % 32))}`;
      return [index, 'ecb', date, currency, 1, `1.${index}`];
    });
    const began = performance.now();
    for (let start = 0; start < count; start += rowsPerInsert) {
      if (start % rowsPerTransaction === 0) await connection.query('begin');
      await connection.query('insert into bench_bare.rates values ?', [rows.slice(start, start + rowsPerInsert)]);
      if ((start + rowsPerInsert) % rowsPerTransaction === 0) await connection.query('commit');
    }
    await connection.query('commit');
    return performance.now() - began;
  } finally {
    await connection.end();
  }
};
