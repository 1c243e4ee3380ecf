import { ServiceError, type WineAnalysisQuery, type WineGroup, wineGroups } from '@vindima/contracts';

/** A statement for DuckDB: every text in it is from a closed list, what a caller sent is in the parameters. */
export interface Statement {
  readonly sql: string;
  readonly groups: readonly WineGroup[];
}

/**
 * @returns the first and last year of `2015` or `2015-2023`
 * @throws 400 `wine.invalid_years` where the last is before the first
 */
export const readPeriod = (period: string | undefined): readonly [number, number] => {
  if (period === undefined) return [0, 9999];
  const [first = '', last = first] = period.split('-');
  if (Number(first) <= Number(last)) return [Number(first), Number(last)];
  throw new ServiceError(400, 'wine.invalid_years', `The period ${period} ends before it begins.`);
};

export const groupsOf = (text: string | undefined): WineGroup[] =>
  wineGroups.filter((group) => (text ?? 'year').split(',').includes(group));

const measures = { quantity: 'quantity', value: 'value_usd', price: 'price_usd' } as const;

const orderOf = (query: WineAnalysisQuery, groups: readonly WineGroup[]): string => {
  const order = query.order ?? (groups.includes('year') ? 'group' : 'descending');
  const byGroups = [...groups.map((group) => `${group} NULLS LAST`), 'unit'].join(', ');
  return order === 'group' ? byGroups : `measured ${order === 'descending' ? 'DESC' : 'ASC'} NULLS LAST, ${byGroups}`;
};

/**
 * Writes the one statement that answers every question of an analysis. Sums are by group and unit; prices are of rows that have a quantity and a value;
 * a share is null where the whole is 0.
 *
 * @param source the name of a view with the tidy rows and `continent`, without totals, filtered
 */
export const analysisStatement = (query: WineAnalysisQuery, source: string): Statement => {
  const groups = groupsOf(query.group_by);
  const hasYear = groups.includes('year');
  const others = groups.filter((group) => group !== 'year');
  const keys = [...groups, 'unit'].join(', ');
  const measured = measures[query.measure ?? 'quantity'];
  const inOrder = `PARTITION BY ${[...others, 'unit'].join(', ')} ORDER BY year`;
  const whole = `PARTITION BY unit${hasYear ? ', year' : ''}`;
  const perYear = `
    SELECT ${[...others, 'unit'].join(', ')}, year, sum(quantity) AS quantity, sum(value_usd) AS value_usd,
      sum(value_usd) FILTER (quantity > 0 AND value_usd > 0) / nullif(sum(quantity) FILTER (quantity > 0 AND value_usd > 0), 0) AS price_usd
    FROM ${source} GROUP BY ALL`;
  const match = [...others, 'unit'].map((key) => `s.${key} IS NOT DISTINCT FROM g.${key}`).join(' AND ');
  const sql = `
    WITH per_year AS (${perYear}),
    spans AS (
      SELECT ${[...others, 'unit'].join(', ')}, min(year) AS first_year, max(year) AS last_year,
        arg_min(${measured}, year) AS first_figure, arg_max(${measured}, year) AS last_figure
      FROM per_year WHERE ${measured} > 0 GROUP BY ALL),
    grouped AS (
      SELECT ${keys}, sum(quantity) AS quantity, sum(value_usd) AS value_usd,
        sum(value_usd) FILTER (quantity > 0 AND value_usd > 0) / nullif(sum(quantity) FILTER (quantity > 0 AND value_usd > 0), 0) AS price_usd,
        bool_or(doubtful) AS doubtful
      FROM ${source} GROUP BY ALL),
    measured AS (SELECT *, ${measured} AS measured FROM grouped),
    shared AS (
      SELECT *, measured / nullif(sum(measured) OVER (${whole}), 0) AS share,
        sum(measured) OVER (${whole} ORDER BY measured DESC NULLS LAST ROWS UNBOUNDED PRECEDING) / nullif(sum(measured) OVER (${whole}), 0) AS cumulative_share,
        ${hasYear ? `measured / nullif(lag(measured) OVER (${inOrder}), 0) - 1` : 'NULL'} AS growth,
        count(*) OVER () AS total
      FROM measured)
    SELECT g.*,
      ${hasYear ? '100 * measured / nullif(s.first_figure, 0)' : 'NULL'} AS index,
      ${hasYear ? 'NULL' : 'CASE WHEN s.last_year > s.first_year THEN pow(s.last_figure / s.first_figure, 1.0 / (s.last_year - s.first_year)) - 1 END'} AS growth_per_year
    FROM shared g LEFT JOIN spans s ON ${match}
    ORDER BY ${orderOf(query, groups)}
    ${query.limit === undefined || query.form === 'wide' ? '' : `LIMIT ${query.limit}`}`;
  return { sql, groups };
};
