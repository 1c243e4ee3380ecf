import type { Session } from '../../engine/session.ts';
import { scaleOf, type TextFormat } from './read-as.ts';

/** The most digits behind the mark that a text of a column needs as a decimal; at most 38. */
export const largestScale = async (
  session: Session,
  relation: string,
  text: string,
  format: TextFormat,
): Promise<number> => {
  const { scale } = await session.row(`SELECT max(${scaleOf(text, format)}) AS scale FROM ${relation}`);
  return Math.min(38, Number(scale ?? 0));
};
