import { nearestName, ServiceError } from '@vindima/contracts';
import { fold } from '../vitibrasil/text.ts';

/** What can be asked for in a parameter: the words for each thing, folded, and its name as people read it. */
export interface Vocabulary {
  readonly parameter: string;
  /** Word to what it stands for. */
  readonly words: ReadonlyMap<string, string>;
  readonly names: readonly string[];
}

const nearestTo = (text: string, { names, words }: Vocabulary): string[] => {
  const found: string[] = names.filter((name) => fold(name).includes(fold(text))).slice(0, 3);
  const left = new Set([...words.keys()]);
  while (found.length < 3) {
    const word = nearestName(fold(text), left);
    if (word === undefined) break;
    left.delete(word);
    const name = words.get(word) ?? word;
    if (!found.includes(name)) found.push(name);
  }
  return found;
};

/**
 * Reads a list of names apart by commas. Names hold commas themselves (`Alemanha, República Democrática`): the longest that is known is meant.
 *
 * @returns what is asked for; undefined for no list, which asks for all
 * @throws 404 `wine.no_match` for a name that nothing has, with the nearest
 */
export const readNames = (text: string | undefined, vocabulary: Vocabulary): ReadonlySet<string> | undefined => {
  if (text === undefined) return undefined;
  const pieces = text.split(',');
  const found = new Set<string>();
  for (let start = 0; start < pieces.length; ) {
    let end = pieces.length;
    let meant: string | undefined;
    for (; end > start && meant === undefined; end--)
      meant = vocabulary.words.get(fold(pieces.slice(start, end).join(',')));
    if (meant === undefined) {
      const piece = (pieces[start] ?? '').trim();
      const nearest = nearestTo(piece, vocabulary);
      const hint = nearest.length === 0 ? '' : ` Did you mean ${nearest.map((name) => `"${name}"`).join(' or ')}?`;
      throw new ServiceError(
        404,
        'wine.no_match',
        `There is no ${vocabulary.parameter} "${piece.slice(0, 80)}" here.${hint}`,
        {
          details: { parameter: vocabulary.parameter, value: piece.slice(0, 200), nearest },
        },
      );
    }
    found.add(meant);
    start = end + 1;
  }
  return found;
};
