import type { Picture } from '../picture/read-picture.ts';
import { bestOfEach } from './merge-findings.ts';
import { normalizeTag } from './tag-text.ts';

/** Something that a picture shows. */
export interface Finding {
  /** As `normalizeTag` writes it. */
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
  /** What others cannot have seen, if this one is right. */
  readonly vetoes?: readonly Veto[];
}

/** Names that are not given by others with more than this confidence. */
export interface Veto {
  readonly tags: ReadonlySet<string>;
  readonly atMost: number;
}

interface Looking<Result> {
  readonly name: string;
  /** The longer side of the preview that it wants to see, in pixels. */
  readonly previewEdge: number;
  /** May be called concurrently. @throws ServiceError that says what failed */
  tag(picture: Picture, signal: AbortSignal): Promise<Result>;
  close(): Promise<void>;
}

/** Finds out what a picture shows. */
export type Tagger = Looking<Tagging>;

/** What several taggers found. */
export interface Taggings {
  /** One each. */
  readonly taggings: readonly Tagging[];
  /** Names of those that could not answer now. */
  readonly missing: readonly string[];
}

/** Several taggers as one; or one alone. */
export interface Taggers extends Looking<Taggings> {
  /** Those that add up, to ask one of them again that was missing. */
  readonly members: readonly Taggers[];
}

/** Normalizes tags, keeps the highest confidence of each, and sorts them. */
export const toFindings = (raw: Iterable<Finding>): Finding[] => {
  const named = [...raw].map(({ tag, confidence }) => ({
    tag: normalizeTag(tag),
    confidence: Math.round(Math.min(100, confidence) * 100) / 100,
  }));
  return bestOfEach(named.filter(({ tag }) => tag !== ''));
};
