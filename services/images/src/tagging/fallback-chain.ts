import type { Logger } from '@vindima/service-kit';
import type { Picture } from '../picture/read-picture.ts';
import type { Tagger, Taggers } from './tagger.ts';

/** Asks taggers one after the other until one answers. The last one's failure is the answer when none does. */
export const createFallbackChain = <Kind extends Tagger | Taggers>(taggers: readonly Kind[], logger: Logger) => ({
  name: taggers.map(({ name }) => name).join(','),
  previewEdge: Math.max(...taggers.map(({ previewEdge }) => previewEdge)),
  async tag(picture: Picture, signal: AbortSignal): Promise<Awaited<ReturnType<Kind['tag']>>> {
    let failure: unknown;
    for (const tagger of taggers) {
      try {
        return (await tagger.tag(picture, signal)) as Awaited<ReturnType<Kind['tag']>>;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
        logger.warn({ err: error, tagger: tagger.name }, 'a tagger could not tag a picture');
      }
    }
    throw failure;
  },
  async close() {
    for (const tagger of taggers) await tagger.close();
  },
});
