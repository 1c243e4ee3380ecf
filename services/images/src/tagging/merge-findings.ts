import type { Finding } from './tagger.ts';

/** The most confident of every tag, by descending confidence. */
export const bestOfEach = <Kind extends Finding>(findings: Iterable<Kind>): Kind[] => {
  const best = new Map<string, Kind>();
  for (const finding of findings) {
    const known = best.get(finding.tag);
    if (known === undefined || finding.confidence > known.confidence) best.set(finding.tag, finding);
  }
  return [...best.values()].sort((one, other) => other.confidence - one.confidence || (one.tag < other.tag ? -1 : 1));
};

/** What several sources found, each tag once. */
export const mergeFindings = (taggings: Iterable<{ readonly findings: readonly Finding[] }>): Finding[] =>
  bestOfEach([...taggings].flatMap(({ findings }) => findings));
