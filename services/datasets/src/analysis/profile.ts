import type { ColumnProfile, Profile } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { jsonValue } from '../exports/json-value.ts';
import { countRows, isNumeric, pickColumns, type Table, type TableColumn } from '../steps/table.ts';
import { finite, numberOrNull } from './numbers.ts';

const bins = 20;
const topValues = 10;
const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** What each column holds: how much is missing, how many different values, which are frequent, how numbers are spread. */
export const profile = async (
  session: Session,
  table: Table,
  names: readonly string[] | undefined,
): Promise<Profile> => {
  const columns: Record<string, ColumnProfile> = {};
  for (const column of pickColumns(table, names)) columns[column.name] = await profileColumn(session, table, column);
  return { rows: await countRows(session, table), columns };
};

const profileColumn = async (session: Session, table: Table, column: TableColumn): Promise<ColumnProfile> => {
  const name = identifier(column.name);
  const value = jsonValue(column, name);
  const text = column.type === 'string';
  const row = await session.row(
    `SELECT count(*) AS total, count(${name}) AS count, count(DISTINCT ${name}) AS different,
      ${column.type === 'json' || column.type === 'binary' ? 'NULL AS low, NULL AS high' : `to_json(${jsonValue(column, `min(${name})`)}) AS low, to_json(${jsonValue(column, `max(${name})`)}) AS high`}
      ${text ? `, min(length(${name})) AS shortest, max(length(${name})) AS longest` : ''} FROM ${table.relation}`,
  );
  const top = await session.rows(
    `SELECT to_json(${value}) AS value, count(*) AS count FROM ${table.relation} WHERE ${name} IS NOT NULL
     GROUP BY ${name} ORDER BY 2 DESC, ${name} LIMIT ${topValues}`,
  );
  return {
    type: column.type,
    count: Number(row.count),
    missing: Number(row.total) - Number(row.count),
    distinct: Number(row.different),
    min: shortened(parsed(row.low)),
    max: shortened(parsed(row.high)),
    top_values: top.map((one) => ({ value: shortened(parsed(one.value)), count: Number(one.count) })),
    ...(text ? { min_length: numberOrNull(row.shortest), max_length: numberOrNull(row.longest) } : {}),
    ...(isNumeric(column) ? await spread(session, table, column) : {}),
  };
};

const parsed = (json: unknown): unknown => (typeof json === 'string' ? JSON.parse(json) : null);

const longest = 200;
const shortened = (value: unknown) =>
  typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}...` : value;

/** Moments, quantiles and a histogram of equal bins between the smallest and the largest value. */
const spread = async (session: Session, table: Table, column: TableColumn): Promise<Partial<ColumnProfile>> => {
  const value = finite(column.name);
  const row = await session.row(
    `SELECT avg(${value}) AS mean, stddev_samp(${value}) AS std, min(${value}) AS low, max(${value}) AS high,
      quantile_cont(${value}, [${quantiles.join(', ')}]) AS quantiles FROM ${table.relation}`,
  );
  const low = numberOrNull(row.low);
  const high = numberOrNull(row.high);
  const found: unknown[] = Array.isArray(row.quantiles) ? row.quantiles : [];
  const statistics = {
    mean: numberOrNull(row.mean),
    std_dev: numberOrNull(row.std),
    quantiles: Object.fromEntries(quantiles.map((quantile, index) => [String(quantile), numberOrNull(found[index])])),
  };
  if (low === null || high === null) return { ...statistics, histogram: [] };
  if (!(high > low) || !Number.isFinite(high - low)) {
    const { count } = await session.row(`SELECT count(${value}) AS count FROM ${table.relation}`);
    return { ...statistics, histogram: [{ from: low, to: high, count: Number(count) }] };
  }
  return { ...statistics, histogram: await histogram(session, table.relation, value, low, high) };
};

/**
 * Counts in bins of equal width, as numpy does: edges are low + i * ((high - low) / bins), a value that is no less than an edge
 * lies right of it, and the last bin has its upper end too.
 */
const histogram = async (session: Session, relation: string, value: string, low: number, high: number) => {
  const step = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, edge) => (edge === bins ? high : edge * step + low));
  const inner = edges.slice(1, -1).map((edge) => `CAST('${edge}' AS DOUBLE)`);
  const counts = await session.rows(
    `SELECT ${inner.map((edge) => `CAST(${value} >= ${edge} AS INTEGER)`).join(' + ')} AS bin, count(*) AS count
     FROM ${relation} WHERE ${value} IS NOT NULL GROUP BY 1`,
  );
  const byBin = new Map(counts.map(({ bin, count }) => [Number(bin), Number(count)]));
  return Array.from({ length: bins }, (_, bin) => ({
    from: edges[bin] ?? low,
    to: edges[bin + 1] ?? high,
    count: byBin.get(bin) ?? 0,
  }));
};
