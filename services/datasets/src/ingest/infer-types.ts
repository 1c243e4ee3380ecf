import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import { type Hypothesis, holds, hypotheses, missingWords } from './text-types.ts';

/** What all values of a column of text are. */
export interface Inference {
  readonly type: Hypothesis | 'string';
  /** Hypotheses that every value holds to. */
  readonly alive: readonly Hypothesis[];
  /** Values that are words for "missing". Of no interest in a column of strings. */
  readonly missingWords: number;
}

const prefixRows = 10_000;
const columnsPerQuery = 250;
const words = missingWords.map(literal).join(', ');

/** SQL: whether a text is a word for "missing". */
export const isMissingWord = (column: string): string => `(${column} IN (${words}))`;

/** What holds as well where a hypothesis does. */
const implied: Readonly<Partial<Record<Hypothesis, readonly Hypothesis[]>>> = {
  integer: ['number', 'number_comma'],
  date: ['datetime'],
};

/**
 * Decides the types of text columns on every value. A look at the first 10,000 rows only rules hypotheses out. Then the
 * strictest that is left of each column is held against all rows, and where it fails the next, so that most tables are
 * read once more and no further.
 */
export const inferTypes = async (
  session: Session,
  relation: string,
  columns: readonly string[],
  allowed: readonly Hypothesis[] = hypotheses,
): Promise<Inference[]> => {
  if (columns.length === 0) return [];
  await session.run(`CREATE OR REPLACE TEMP TABLE prefix AS SELECT * FROM ${relation} LIMIT ${prefixRows}`);
  const possible = await decide(
    session,
    'prefix',
    columns,
    columns.map(() => allowed),
    true,
  );
  const { count } = await session.row('SELECT count(*) AS count FROM prefix');
  const decided =
    Number(count) < prefixRows
      ? possible
      : await decide(
          session,
          relation,
          columns,
          possible.map(({ alive }) => alive),
          false,
        );
  await session.run('DROP TABLE prefix');
  return decided.map(({ alive, values, missingWords }) => {
    const known = values > missingWords ? allowed.filter((one) => alive.includes(one)) : [];
    return { type: known[0] ?? 'string', alive: known, missingWords };
  });
};

interface Look {
  readonly alive: readonly Hypothesis[];
  readonly values: number;
  readonly missingWords: number;
}

/** Holds the hypotheses of each column against all rows, strictest first; with `every`, those that are not implied too. */
const decide = async (
  session: Session,
  relation: string,
  columns: readonly string[],
  candidates: readonly (readonly Hypothesis[])[],
  every: boolean,
): Promise<Look[]> => {
  const found: Look[] = columns.map(() => ({ alive: [], values: 0, missingWords: 0 }));
  const left = candidates.map((list) => [...list]);
  for (;;) {
    const open = columns.flatMap((column, index) => {
      const hypothesis = left[index]?.[0];
      return hypothesis === undefined ? [] : [{ column, index, hypothesis }];
    });
    if (open.length === 0) return found;
    for (let from = 0; from < open.length; from += columnsPerQuery) {
      const group = open.slice(from, from + columnsPerQuery);
      const row = await session.row(
        `SELECT ${group.map(aggregates).join(', ')} FROM (SELECT ${group.map(verdict).join(', ')} FROM ${relation})`,
      );
      for (const { index, hypothesis } of group) {
        const rest = left[index] ?? [];
        rest.shift();
        if (row[`h${index}`] === false) continue;
        const also = implied[hypothesis] ?? [];
        const alive = [...(found[index]?.alive ?? []), hypothesis, ...rest.filter((one) => also.includes(one))];
        found[index] = { alive, values: Number(row[`v${index}`]), missingWords: Number(row[`m${index}`]) };
        left[index] = every ? rest.filter((one) => !also.includes(one)) : [];
        // The other writing of numbers may hold too, which is what decides the decimal mark.
        if (!every && hypothesis === 'number') left[index] = rest.filter((one) => one === 'number_comma');
      }
    }
  }
};

interface Question {
  readonly column: string;
  readonly index: number;
  readonly hypothesis: Hypothesis;
}

/** SQL of each value: 1 if it holds, 0 if it is a word for "missing", -1 if neither. Words are looked for only where it fails. */
const verdict = ({ column, index, hypothesis }: Question): string => {
  const name = identifier(column);
  return `CASE WHEN ${name} IS NULL THEN NULL WHEN ${holds(hypothesis, name)} THEN 1 WHEN ${isMissingWord(name)} THEN 0 ELSE -1 END AS k${index}`;
};

const aggregates = ({ index }: Question): string =>
  `count(k${index}) AS v${index}, count(*) FILTER (WHERE k${index} = 0) AS m${index}, coalesce(min(k${index}) >= 0, true) AS h${index}`;
