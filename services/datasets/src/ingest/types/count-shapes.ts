import type { Session } from '../../engine/session.ts';
import { identifier } from '../../engine/sql.ts';
import { decodeShape, type Shape, shapeCode } from './shapes.ts';

/** The values of one shape in a column. */
export interface ShapeCount {
  readonly count: number;
  /** How many of them end in 0 behind their mark. */
  readonly zeros: number;
  /** How many are N.0, as programs write whole numbers among fractions. */
  readonly floatZeros: number;
  /** Whether one of them has thousands without a separator. */
  readonly thousands: boolean;
  /** The worst of their fits, see `shapes.ts`. */
  readonly fit: number;
  /** Digits behind the mark, those that occur. */
  readonly scales: ReadonlySet<number>;
}

/** What the values of a column of text look like. */
export type ShapeCounts = ReadonlyMap<Shape, ShapeCount>;

const prefixCells = 2_000_000;
const prefixRows = 10_000;
const columnsPerQuery = 100;
/** A column with more values than this share that are nothing but text is not looked at again. */
const surelyText = 0.5;

/**
 * Counts the shapes of all values. A look at the first rows tells which columns are text whatever follows; only the others
 * are counted to their end.
 * @param relation SQL for FROM
 */
export const countShapes = async (
  session: Session,
  relation: string,
  columns: readonly string[],
): Promise<ShapeCounts[]> => {
  if (columns.length === 0) return [];
  const first = Math.min(prefixRows, Math.ceil(prefixCells / columns.length));
  await session.run(`CREATE OR REPLACE TEMP TABLE prefix AS SELECT * FROM ${relation} LIMIT ${first}`);
  const { count } = await session.row('SELECT count(*) AS count FROM prefix');
  const found = await tally(session, 'prefix', columns);
  await session.run('DROP TABLE prefix');
  if (Number(count) < first) return found;
  const open = columns.filter((_, index) => !isText(found[index] ?? new Map()));
  const whole = await tally(session, relation, open);
  const byColumn = new Map(open.map((column, index) => [column, whole[index]]));
  return columns.map((column, index) => byColumn.get(column) ?? found[index] ?? new Map());
};

const isText = (counts: ShapeCounts): boolean => {
  const total = [...counts.values()].reduce((sum, { count }) => sum + count, 0);
  return (counts.get('other')?.count ?? 0) > total * surelyText;
};

const tally = async (session: Session, relation: string, columns: readonly string[]): Promise<ShapeCounts[]> => {
  const found: ShapeCounts[] = [];
  for (let from = 0; from < columns.length; from += columnsPerQuery) {
    const group = columns.slice(from, from + columnsPerQuery);
    const list = group.map(
      (column, index) => `CAST(histogram(${shapeCode(identifier(column))}) AS VARCHAR) AS h${index}`,
    );
    const row = await session.row(`SELECT ${list.join(', ')} FROM ${relation}`);
    for (const index of group.keys()) found.push(countsOf(row[`h${index}`]));
  }
  return found;
};

/** Reads DuckDB's way of writing a map: `{0=12, 10002=3}`. */
const countsOf = (histogram: unknown): ShapeCounts => {
  const counts = new Map<Shape, Writable<ShapeCount>>();
  for (const [, code = '', times = ''] of String(histogram ?? '').matchAll(/(\d+)=(\d+)/g)) {
    const { shape, endsInZero, fit, thousands, scale } = decodeShape(Number(code));
    const known = counts.get(shape) ?? none();
    known.count += Number(times);
    if (endsInZero) known.zeros += Number(times);
    if (endsInZero && scale === 1) known.floatZeros += Number(times);
    known.fit = Math.max(known.fit, fit);
    known.thousands ||= thousands;
    known.scales = new Set([...known.scales, scale]);
    counts.set(shape, known);
  }
  return counts;
};

type Writable<Of> = { -readonly [Key in keyof Of]: Of[Key] };

const none = (): Writable<ShapeCount> => ({
  count: 0,
  zeros: 0,
  floatZeros: 0,
  thousands: false,
  fit: 0,
  scales: new Set(),
});
