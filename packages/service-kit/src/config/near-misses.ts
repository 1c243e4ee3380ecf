/**
 * Names in the environment that nearly are one of ours: they change nothing, and whoever set them believes that they do. That is never
 * a reason to refuse a start, as an orchestrator sets variables of its own.
 *
 * @param known every name that is read
 * @returns pairs of the name that is set and the one it is nearest to
 */
export const findNearMisses = (known: ReadonlySet<string>, set: readonly string[]): [string, string][] =>
  set.flatMap((name) => {
    if (known.has(name) || others.has(name)) return [];
    const nearest = nearestTo(name.toUpperCase(), known);
    return nearest === undefined ? [] : [[name, nearest]];
  });

/** What systems set everywhere, and is only one letter away. */
const others = new Set(['MAIL', 'POST', 'HOSTS', 'LOG_LEVELS']);

const nearestTo = (name: string, known: Iterable<string>): string | undefined => {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // In a short name another letter makes another word.
    const allowed = candidate.length < 6 ? 0 : candidate.length < 9 ? 1 : 2;
    if (Math.abs(candidate.length - name.length) > allowed) continue;
    const distance = sameLetters(candidate, name) && candidate.length < 6 ? 0 : distanceBetween(candidate, name);
    if (distance > allowed || distance >= least) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
};

const sameLetters = (one: string, other: string) => [...one].sort().join('') === [...other].sort().join('');

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
const distanceBetween = (one: string, other: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
};
