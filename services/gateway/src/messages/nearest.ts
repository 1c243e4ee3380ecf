/** Insertions, deletions, exchanges and swaps of neighbours that make one text of the other (optimal string alignment). */
export const editDistance = (from: string, to: string): number => {
  let older: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const exchange = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = isSwap ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(exchange, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap));
    }
    older = last;
    last = row;
  }
  return last[to.length] ?? from.length;
};

/** @returns the candidate that is most like a text; undefined when none shares half of it */
export const nearest = (text: string, candidates: readonly string[]): string | undefined => {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(text, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= best.candidate.length / 2 ? best.candidate : undefined;
};
