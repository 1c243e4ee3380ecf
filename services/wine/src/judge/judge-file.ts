import type { WineFinding } from '@vindima/contracts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { doubtfulColumns } from './doubtful.ts';
import { matchTables, type Pair } from './match.ts';
import { otherSeries } from './other-series.ts';

/** Of the rows before, at least so many have to be there again. */
const rowsKept = 0.8;
/** Revisions of the real site touch a few figures; no more than this part of all, whatever their size. */
const revisedAtMost = 0.2;
/** Changes by more than this factor, or to nothing, are jumps. */
const jump = 1.5;
const jumpsAtMost = 0.05;
const jumpsOfOneAtMost = 1 / 3;
/** One figure that changes so much is a slip of a unit or a column. */
const hugeJump = 100;
const hugeFrom = 100_000;
/** Fewer figures say nothing. */
const fewest = 3;

interface Tally {
  known: number;
  jumps: number;
}

const tallyBy = (pairs: readonly Pair[], of: (pair: Pair) => number, isJump: (pair: Pair) => boolean) => {
  const tallies = new Map<number, Tally>();
  for (const pair of pairs) {
    const tally = tallies.get(of(pair)) ?? { known: 0, jumps: 0 };
    tally.known += 1;
    if (isJump(pair)) tally.jumps += 1;
    tallies.set(of(pair), tally);
  }
  return tallies;
};
const isTooMany = ({ known, jumps }: Tally, atMost: number, from = fewest) => jumps >= from && jumps > known * atMost;

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

const judgeFigures = (before: SeriesTable, pairs: readonly Pair[], lost: boolean): string | undefined => {
  const isJump = lost
    ? ({ after }: Pair) => !(after > 0)
    : (pair: Pair) => Math.max(pair.after / pair.before, pair.before / pair.after) > jump;
  const what = lost ? 'have none or 0 now' : `changed by more than a factor ${jump}`;
  const compared = lost ? pairs : pairs.filter(({ after }) => after > 0);
  const jumps = compared.filter(isJump).length;
  const example = (found: (pair: Pair) => boolean) => {
    const pair = compared.find(found);
    if (pair === undefined) return '';
    const now = Number.isNaN(pair.after) ? 'nothing' : pair.after;
    return ` (${before.rows[pair.row]?.name} ${before.columns[pair.column]?.year}: ${pair.before} before, ${now} now)`;
  };
  if (isTooMany({ known: compared.length, jumps }, jumpsAtMost)) {
    return `${plural(jumps, 'past figure')} of ${compared.length} ${what}${example(isJump)}.`;
  }
  for (const [column, tally] of tallyBy(compared, (pair) => pair.column, isJump)) {
    if (!isTooMany(tally, jumpsOfOneAtMost)) continue;
    const { year, measure } = before.columns[column] ?? { year: 0, measure: { unit: '' } };
    return `Of ${plural(tally.known, 'figure')} of ${year} in ${measure.unit}, ${tally.jumps} ${what}${example((pair) => pair.column === column && isJump(pair))}.`;
  }
  for (const [row, tally] of tallyBy(compared, (pair) => pair.row, isJump)) {
    if (!isTooMany(tally, jumpsOfOneAtMost, 5)) continue;
    return `Of ${plural(tally.known, 'past figure')} of ${before.rows[row]?.name ?? ''}, ${tally.jumps} ${what}${example((pair) => pair.row === row && isJump(pair))}.`;
  }
  if (lost) return undefined;
  const huge = compared.find(
    (pair) =>
      Math.max(pair.after, pair.before) >= hugeFrom &&
      Math.max(pair.after / pair.before, pair.before / pair.after) >= hugeJump,
  );
  if (huge !== undefined) {
    const { year, measure } = before.columns[huge.column] ?? { year: 0, measure: { unit: '' } };
    return `${before.rows[huge.row]?.name} of ${year} was ${huge.before} ${measure.unit} and is ${huge.after}.`;
  }
  const revised = compared.filter((pair) => pair.after !== pair.before).length;
  return isTooMany({ known: compared.length, jumps: revised }, revisedAtMost)
    ? `${plural(revised, 'past figure')} of ${compared.length} are others than before${example((pair) => pair.after !== pair.before)}.`
    : undefined;
};

/**
 * Judges whether a file is what it says: a file of its series, and the successor of the last good one.
 *
 * @param before the last good data of the series; undefined where there is none to compare with
 * @param others the current data of the other series
 * @returns what differs; nothing where the file can be taken unasked
 */
export const judgeFile = (
  table: SeriesTable,
  before: SeriesTable | undefined,
  others: readonly SeriesTable[],
): WineFinding[] => {
  const findings: WineFinding[] = [];
  const add = (code: WineFinding['code'], message: string | undefined) => {
    if (message !== undefined) findings.push({ code, message });
  };
  const other = otherSeries(table, others);
  add('other_series', other === undefined ? undefined : `${table.series.file} is another series' file: ${other}.`);
  if (before === undefined) return findings;
  const { pairs, lostRows, lostColumns } = matchTables(before, table);
  const kept = before.rows.length - lostRows.length;
  if (kept < before.rows.length * rowsKept) {
    const gone = lostRows.slice(0, 3).map((row) => before.rows[row]?.name);
    add('rows_lost', `It has ${kept} of the ${before.rows.length} rows there were; ${gone.join(', ')} are not there.`);
  }
  if (lostColumns.length > 0) {
    const years = [...new Set(lostColumns.map((column) => before.columns[column]?.year))];
    add(
      'years_lost',
      `It does not have the figures of ${years.slice(0, 5).join(', ')}${years.length > 5 ? ` and ${years.length - 5} more years` : ''}.`,
    );
  }
  // A doubtful column that is in step now was mended.
  const stillDoubtful = new Set(doubtfulColumns(table).map(({ column }) => table.columns[column]?.year));
  const mended = new Set(
    doubtfulColumns(before)
      .filter(({ column }) => !stillDoubtful.has(before.columns[column]?.year))
      .map(({ column }) => column),
  );
  const positive = pairs.filter((pair) => pair.before > 0 && !mended.has(pair.column));
  add('figures_changed', judgeFigures(before, positive, false));
  add('figures_lost', judgeFigures(before, positive, true));
  return findings;
};
