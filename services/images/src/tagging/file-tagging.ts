import type { ImageMetadata } from '@vindima/contracts';
import type { Tagging } from './tagger.ts';

/** The source of what a file says itself. */
export const fileTagger = 'file';

/** The keywords of a file are what its owner says: they are right. */
export const taggingOfFile = ({ keywords }: Pick<ImageMetadata, 'keywords'>): Tagging => ({
  tagger: fileTagger,
  model: 'keywords',
  version: '1',
  findings: keywords.map((tag) => ({ tag, confidence: 100 })),
});
