import { usualDelimiters } from './dialect.ts';

const prefixes = ['#', '%', '//', '!'] as const;

/**
 * Decides whether lines of a text are comments, before the delimiter is: lines at the top (several, or one that is divided
 * in another way than the rest) that begin with a mark which the rest does not begin with.
 */
export const commentPrefix = (text: string): string | undefined => {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const prefix =
    prefixes.find((one) => lines[0]?.startsWith(one)) ?? (lines.some((line) => line.startsWith('#')) ? '#' : undefined);
  if (prefix === undefined) return undefined;
  const rest = lines.filter((line) => !line.startsWith(prefix));
  const marked = lines.filter((line) => line.startsWith(prefix));
  const [example] = rest;
  if (example === undefined) return undefined;
  const usual = usualDelimiters.map((delimiter) => modal(rest.map((line) => line.split(delimiter).length)));
  const isDivided = usual.some((width) => width > 1);
  const alike = marked.filter((line) =>
    usualDelimiters.every((delimiter, index) => usual[index] === 1 || line.split(delimiter).length === usual[index]),
  );
  // A column whose values begin with the mark, or a header that does.
  if (isDivided && alike.length === marked.length) return undefined;
  if (!isDivided && marked.length > rest.length) return undefined;
  return prefix;
};

/** The header that stands in the last comment before the data (`# year mean unc`). */
export const commentedHeader = (comments: readonly string[], prefix: string, delimiter: string, width: number) => {
  const last = comments.at(-1)?.slice(prefix.length).trim();
  const names = last?.split(delimiter).map((name) => name.trim());
  return width > 1 && names?.length === width ? names : undefined;
};

const modal = (numbers: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 1;
};
