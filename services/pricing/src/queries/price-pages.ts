import { createHash } from 'node:crypto';
import { version } from '@vindima/service-kit';
import { LRUCache } from 'lru-cache';
import { writePrices } from '../prices/write-prices.ts';
import { findPrices, type PriceQuestion } from './find-prices.ts';

type Needs = Parameters<typeof findPrices>[0];

/** Answers about prices as the bytes that are sent. */
export interface PricePages {
  /** @throws as `findPrices` */
  page(asked: PriceQuestion): Promise<Buffer>;
  /** Names an answer without making it: what is asked for decides what it is. */
  etag(asked: PriceQuestion): string;
}

const maximumBytes = 64 * 1024 * 1024;

/**
 * Keeps the last answers. A question says as far as which recording it is to be answered, so an answer that is kept is never out of date:
 * the next recording is another question.
 */
export const createPricePages = (context: Needs): PricePages => {
  const pages = new LRUCache<string, Buffer>({
    maxSize: maximumBytes,
    sizeCalculation: (page) => page.buffer.byteLength,
  });
  const { provider, store } = context.sources;
  const nameOf = ({ known, from, to, quotes, categories, offset, limit, question }: PriceQuestion) =>
    JSON.stringify([version, provider, store, known, from, to, quotes, categories, offset, limit, question]);
  return {
    async page(asked) {
      const name = nameOf(asked);
      const kept = pages.get(name);
      if (kept !== undefined) return kept;
      const { groups, ...rest } = await findPrices(context, asked);
      const made = writePrices(groups, context.sources, rest);
      pages.set(name, made);
      return made;
    },
    etag: (asked) => `"${createHash('sha256').update(nameOf(asked)).digest('base64url').slice(0, 27)}"`,
  };
};
