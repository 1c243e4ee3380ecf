/** @returns all pairs of classes in libsvm's order. */
export function pairsOf(classes: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let first = 0; first < classes; first += 1) {
    for (let second = first + 1; second < classes; second += 1) pairs.push([first, second]);
  }
  return pairs;
}
