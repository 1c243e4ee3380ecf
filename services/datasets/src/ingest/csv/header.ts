import type { Session } from '../../engine/session.ts';
import { literal } from '../../engine/sql.ts';
import type { Inference } from '../infer-types.ts';
import { holds, hypotheses, missingWords } from '../text-types.ts';

/**
 * Decides whether the first record names the columns, from what all other records hold: it does where a value of it is no
 * number (date, truth value) although its column has nothing else; where the numbers in it run on like years; and in a
 * table of text, where its values are different from each other, present, and no numbers or dates.
 */
export const isHeader = async (
  session: Session,
  first: readonly string[],
  rest: readonly Inference[],
  restRows: number,
): Promise<boolean> => {
  const present = first.filter((field) => field !== '');
  if (present.length === 0) return false;
  const kinds = await hypothesesOf(session, first);
  const unique = new Set(first).size === first.length;
  const textual = first.every((field, index) => field !== '' && kinds[index]?.length === 0);
  if (restRows === 0) return textual;
  if (rest.every(({ type }) => type === 'string')) return unique && textual;
  const misfit = rest.some(({ type }, index) => {
    const field = first[index] ?? '';
    if (type === 'string' || field === '' || (missingWords as readonly string[]).includes(field)) return false;
    return !kinds[index]?.includes(type);
  });
  return misfit || runsLikeYears(first, kinds);
};

const hypothesesOf = async (session: Session, fields: readonly string[]) => {
  const values = fields.map((field, index) => `(${index}, ${literal(field)})`).join(', ');
  const rows = await session.rows(
    `SELECT ${hypotheses.map((one) => `${holds(one, 'field')} AS ${one}`).join(', ')}
     FROM (VALUES ${values}) AS first(place, field) ORDER BY place`,
  );
  return rows.map((row) => hypotheses.filter((one) => row[one] === true));
};

const runsLikeYears = (first: readonly string[], kinds: readonly (readonly string[])[]): boolean => {
  const numbers = first.filter((_, index) => kinds[index]?.includes('integer')).map(Number);
  return (
    numbers.length >= 2 &&
    numbers.length < first.length &&
    numbers.every((number) => number >= 1500 && number <= 2200) &&
    numbers.every((number, index) => index === 0 || [0, 1].includes(number - (numbers[index - 1] ?? 0)))
  );
};
