import { createHash } from 'node:crypto';
import { version } from '@vindima/service-kit';
import { LRUCache } from 'lru-cache';
import { lastDueDay } from '../calendar/target.ts';
import { writePrices } from '../prices/write-prices.ts';
import { findPrices, type PriceQuestion } from './find-prices.ts';

type Needs = Parameters<typeof findPrices>[0];

/** Answers about prices as the bytes that are sent. */
export interface PricePages {
  /** @returns the page in parts, which are made as they are taken. @throws as `findPrices` */
  page(asked: PriceQuestion): Promise<Iterable<Buffer>>;
  /** Names an answer without making it: what is asked for decides what it is. */
  etag(asked: PriceQuestion): string;
}

const maximumBytes = 64 * 1024 * 1024;

/**
 * Keeps the last answers. A question says as far as which recording it is to be answered, so an answer that is kept is never out of date:
 * the next recording is another question.
 */
export const createPricePages = (context: Needs): PricePages => {
  const pages = new LRUCache<string, readonly Buffer[]>({
    maxSize: maximumBytes,
    sizeCalculation: (parts) => parts.reduce((sum, part) => sum + part.buffer.byteLength, 0),
  });
  const { provider, store } = context.sources;
  const nameOf = ({ known, from, to, quotes, categories, offset, limit, question, now, held }: PriceQuestion) =>
    JSON.stringify([
      version,
      provider,
      store,
      known,
      from,
      to,
      quotes,
      categories,
      offset,
      limit,
      question,
      lastDueDay(now),
      held,
    ]);
  return {
    async page(asked) {
      const name = nameOf(asked);
      const kept = pages.get(name);
      if (kept !== undefined) return kept;
      const { groups, ...rest } = await findPrices(context, asked);
      return keeping(writePrices(groups, context.sources, rest), (parts) => pages.set(name, parts));
    },
    etag: (asked) => `"${createHash('sha256').update(nameOf(asked)).digest('base64url').slice(0, 27)}"`,
  };
};

/** @param keep gets all of them when the last one has been taken */
function* keeping(parts: Iterable<Buffer>, keep: (parts: readonly Buffer[]) => void): Generator<Buffer, void, void> {
  const taken: Buffer[] = [];
  for (const part of parts) {
    taken.push(part);
    yield part;
  }
  keep(taken);
}
