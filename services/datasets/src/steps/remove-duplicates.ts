import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { rowColumn, type Table, type TableColumn } from './table.ts';

/**
 * Keeps the first of equal rows (missing values are equal to each other) and the order of the rest. Rows are grouped by a
 * hash first, so that whole rows are compared only where two hashes are equal: most tables have few duplicates.
 */
export const removeDuplicates = async (
  session: Session,
  table: Table,
  keys: readonly TableColumn[],
  place: string,
): Promise<{ table: Table; removed: number }> => {
  const names = keys.map(({ name }) => identifier(name)).join(', ');
  const hash = `hash(${names})`;
  const duplicates = `duplicates_${place}`;
  await session.run(`
    CREATE TEMP TABLE ${duplicates} AS
    WITH suspects AS (SELECT ${hash} AS suspect FROM ${table.relation} GROUP BY 1 HAVING count(*) > 1)
    SELECT ${rowColumn} AS place FROM (
      SELECT ${rowColumn}, row_number() OVER (PARTITION BY ${names} ORDER BY ${rowColumn}) AS occurrence
      FROM ${table.relation} SEMI JOIN suspects ON ${hash} = suspects.suspect
    ) WHERE occurrence > 1`);
  const { removed, last } = await session.row(`SELECT count(*) AS removed, max(place) AS last FROM ${duplicates}`);
  if (Number(removed) === 0) return { table, removed: 0 };
  // Joins of DuckDB lose the order of rows, filters keep it: a bit for each row up to the last says whether it goes.
  await session.run(
    `SET VARIABLE ${duplicates} = (SELECT bitstring_agg(place, 0, ${Number(last)}) FROM ${duplicates})`,
  );
  const goes = `get_bit(getvariable('${duplicates}'), CAST(${rowColumn} AS INTEGER)) = 1`;
  const kept = `CASE WHEN ${rowColumn} > ${Number(last)} THEN true ELSE NOT ${goes} END`;
  return {
    table: { ...table, relation: `(SELECT * FROM ${table.relation} WHERE ${kept})` },
    removed: Number(removed),
  };
};
