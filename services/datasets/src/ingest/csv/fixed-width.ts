/**
 * The places of columns in a text whose fields are padded with spaces: wherever every line has a space, a column ends. At
 * least three lines and one gap of two spaces or more are needed, so that prose and names are not taken apart.
 */
export const fixedPlaces = (
  text: string,
  comment: string | undefined,
): (readonly [from: number, to: number | undefined])[] | undefined => {
  const lines = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '' && (comment === undefined || !line.startsWith(comment)));
  if (lines.length < 3 || lines.some((line) => line.includes('\t'))) return undefined;
  const length = Math.max(...lines.map((line) => line.length));
  const isGap = Array.from({ length }, (_, at) => lines.every((line) => (line[at] ?? ' ') === ' '));
  const places: [number, number | undefined][] = [];
  let widest = 0;
  let from = isGap.indexOf(false);
  for (let at = from; at < length; at += 1) {
    if (isGap[at] !== true) continue;
    const next = isGap.indexOf(false, at);
    // A single space under no name of its own is one inside a value.
    if (next - at === 1 && isBlankFrom(lines[0] ?? '', next)) continue;
    places.push([from, next === -1 ? undefined : at]);
    if (next === -1) break;
    widest = Math.max(widest, next - at, longestGap(lines, at));
    from = next;
    at = next;
  }
  if (places.at(-1)?.[0] !== from) places.push([from, undefined]);
  return places.length >= 2 && widest >= 2 ? places : undefined;
};

/** Whether a line has only spaces from a place to where its next word could stand. */
const isBlankFrom = (line: string, at: number): boolean => line.slice(at, at + 3).trim() === '';

/** The most spaces that any line has before the place where all lines have one. */
const longestGap = (lines: readonly string[], at: number): number =>
  Math.max(...lines.map((line) => /\s*$/.exec(line.slice(0, at + 1))?.[0].length ?? 0));
