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

const prefixCells = 6_000_000;
const prefixRows = 10_000;
const columnsPerQuery = 250;
/** Of wider tables not even a beginning is held in memory: they are read once for each group of columns. */
const wide = 1000;
/** A column with more values than this share that are nothing but text is not looked at again. */
const surelyText = 0.5;

/**
 * Counts the shapes of all values. A look at the first rows tells which columns are text whatever follows, and what to expect
 * of the others; those are held against all rows, and only where that fails everything is tried again.
 * @param relation SQL for FROM
 */
export const countShapes = async (
  session: Session,
  relation: string,
  columns: readonly string[],
): Promise<ShapeCounts[]> => {
  if (columns.length === 0) return [];
  if (columns.length > wide) return tally(session, relation, columns);
  const first = Math.min(prefixRows, Math.ceil(prefixCells / columns.length));
  await session.run(`CREATE OR REPLACE TEMP TABLE prefix AS SELECT * FROM ${relation} LIMIT ${first}`);
  const { count } = await session.row('SELECT count(*) AS count FROM prefix');
  const found = await tally(session, 'prefix', columns);
  await session.run('DROP TABLE prefix');
  if (Number(count) < first) return found;
  const open = columns.flatMap((column, index) => {
    const counts = found[index] ?? new Map();
    return isText(counts) ? [] : [{ column, index, shapes: [...counts.keys()] }];
  });
  const expected = open.filter(({ shapes }) => !shapes.includes('other'));
  const rest = open.filter(({ shapes }) => shapes.includes('other'));
  for (const { column, counts } of await tallyExpected(session, relation, expected)) {
    if (counts === undefined) rest.push(column);
    else found[column.index] = counts;
  }
  const again = await tally(
    session,
    relation,
    rest.map(({ column }) => column),
  );
  rest.forEach(({ index }, place) => {
    found[index] = again[place] ?? new Map();
  });
  return found;
};

const isText = (counts: ShapeCounts): boolean => {
  const total = [...counts.values()].reduce((sum, { count }) => sum + count, 0);
  return (counts.get('other')?.count ?? 0) > total * surelyText;
};

/**
 * Counts whatever is there. The cells of many columns go through one expression, which is long: DuckDB takes longer to plan it
 * for each column than to compute it.
 */
const tally = async (session: Session, relation: string, columns: readonly string[]): Promise<ShapeCounts[]> => {
  const found: ShapeCounts[] = [];
  for (let from = 0; from < columns.length; from += columnsPerQuery) {
    const group = columns.slice(from, from + columnsPerQuery);
    const rows = await session.rows(
      `SELECT place, CAST(histogram(code) AS VARCHAR) AS codes FROM (SELECT place, ${shapeCode('value')} AS code FROM (
        SELECT unnest(range(${group.length})) AS place, unnest([${group.map(identifier).join(', ')}]) AS value FROM ${relation}
      ) WHERE value IS NOT NULL) GROUP BY place`,
    );
    const codes = new Map(rows.map((row) => [Number(row.place), row.codes]));
    for (const index of group.keys()) found.push(countsOf(codes.get(index)));
  }
  return found;
};

interface ExpectedColumn {
  readonly column: string;
  readonly index: number;
  readonly shapes: Shape[];
}

/** Counts shapes that are expected; undefined where a column has others too. */
const tallyExpected = async (session: Session, relation: string, columns: readonly ExpectedColumn[]) => {
  if (columns.length === 0) return [];
  const list = columns.map(
    ({ column, shapes }, index) => `CAST(histogram(${shapeCode(identifier(column), shapes)}) AS VARCHAR) AS h${index}`,
  );
  const row = await session.row(`SELECT ${list.join(', ')} FROM ${relation}`);
  return columns.map((column, index) => {
    const codes = row[`h${index}`];
    return { column, counts: String(codes ?? '').includes('-1=') ? undefined : countsOf(codes) };
  });
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
