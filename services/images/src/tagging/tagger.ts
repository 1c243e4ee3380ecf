import type { Picture } from '../picture/read-picture.ts';

/** Something that a picture shows. */
export interface Finding {
  /** Lower case, at most 32 characters. */
  readonly tag: string;
  /** 0 to 100: of the tags given at 80, about 80 % should be right. */
  readonly confidence: number;
}

/** Where findings come from; kept with every tag. */
export interface Provenance {
  readonly tagger: string;
  readonly model: string;
  readonly version: string;
}

export interface Tagging extends Provenance {
  /** By descending confidence, each tag once. */
  readonly findings: readonly Finding[];
}

/** Finds out what a picture shows. */
export interface Tagger {
  readonly name: string;
  /** The longer side of the preview that it wants to see, in pixels. */
  readonly previewEdge: number;
  /** May be called concurrently. @throws ServiceError that says what failed */
  tag(picture: Picture, signal: AbortSignal): Promise<Tagging>;
  close(): Promise<void>;
}

const longestTag = 32;

/** Lower case, one space between words, cut to what the column holds (without halving a character). */
const normalizeTag = (tag: string): string =>
  [...tag.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase()].slice(0, longestTag).join('').trim();

/** Normalizes tags, keeps the highest confidence of each, and sorts them. */
export const toFindings = (raw: Iterable<Finding>): Finding[] => {
  const best = new Map<string, number>();
  for (const { tag, confidence } of raw) {
    const name = normalizeTag(tag);
    if (name !== '') best.set(name, Math.max(best.get(name) ?? 0, confidence));
  }
  return [...best]
    .map(([tag, confidence]) => ({ tag, confidence: Math.round(Math.min(100, confidence) * 100) / 100 }))
    .sort((one, other) => other.confidence - one.confidence || (one.tag < other.tag ? -1 : 1));
};
