import { createHash } from 'node:crypto';

/** Characters of a tag that the tables hold. */
export const longestTag = 100;

/** What tells longer tags with the same beginning apart. */
const mark = (text: string): string => `~${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;

/**
 * Lower case, one form of every accent (NFC), one space between words. What is too long is cut and keeps its own mark, so that two labels stay
 * two. Also of whatever is searched for, which is therefore found as it was written.
 */
export const normalizeTag = (tag: string): string => {
  const text = tag.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase().normalize('NFC');
  const characters = [...text];
  if (characters.length <= longestTag) return text;
  const end = mark(text);
  return `${characters
    .slice(0, longestTag - end.length)
    .join('')
    .trim()}${end}`;
};
