import leven from 'leven';

/**
 * The name that was probably meant: the nearest of the known ones by letters changed, added or left out (Levenshtein), without regard to case; at
 * most one in three letters may differ.
 *
 * @returns undefined when none is near
 */
export const nearestName = (name: string, known: Iterable<string>): string | undefined => {
  const wanted = name.toLowerCase();
  if (wanted.length < 2) return undefined;
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const distance = leven(wanted, candidate.toLowerCase(), { maxDistance: least });
    if (distance < least && distance < candidate.length) [nearest, least] = [candidate, distance];
  }
  return nearest;
};
