import { type ImageBatchItemResult, ServiceError } from '@vindima/contracts';
import pLimit from 'p-limit';
import { type Static, Type } from 'typebox';
import type { ImagesContext } from '../context.ts';

/** Files of a batch that are worked on at once, so that decoding, tagging and storing overlap. */
const atOnce = 4;

/** A file of a batch: put aside under a key, at an address, or refused as it came. */
const BatchItem = Type.Object({
  name: Type.String(),
  key: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  error: Type.Optional(Type.Object({ code: Type.String(), error: Type.String() })),
});
export type BatchItem = Static<typeof BatchItem>;

const BatchInput = Type.Object({ minimum_confidence: Type.Number(), items: Type.Array(BatchItem) });

/** What becomes of a failure that is the file's own. @throws anything else, which ends the job or the request */
export const toItemError = (error: unknown): NonNullable<ImageBatchItemResult['error']> => {
  if (!(error instanceof ServiceError)) throw error;
  return { code: error.code, error: error.message };
};

/**
 * The job of a batch: stores and tags one file after the other, and says of each what became of it. Begun again after a crash it finds what it
 * had stored by its bytes.
 */
export const defineBatchJob = ({ jobs, objects, fetcher, storePicture, config }: ImagesContext) =>
  jobs.define({
    kind: 'images.batch',
    input: BatchInput,
    outputs: ({ items }: { items: readonly ImageBatchItemResult[] }) => ({
      images: [...new Set(items.flatMap(({ id }) => id ?? []))],
    }),
    run: async ({ input: { items, minimum_confidence: minimumConfidence }, signal, progress }) => {
      const inTurn = pLimit(atOnce);
      let done = 0;
      const process = async (item: BatchItem): Promise<ImageBatchItemResult> => {
        signal.throwIfAborted();
        try {
          if (item.error !== undefined) return { name: item.name, id: null, tags: [], error: item.error };
          const bytes =
            item.key === undefined
              ? await fetcher.fetch(item.url ?? '', signal)
              : await objects.get(item.key, { maximumBytes: config.IMAGES_MAXIMUM_FILE_SIZE });
          const { image, tags } = await storePicture(bytes, { minimumConfidence, signal });
          return { name: item.name, id: image.id, tags: [...tags], error: null };
        } catch (error) {
          signal.throwIfAborted();
          return { name: item.name, id: null, tags: [], error: toItemError(error) };
        } finally {
          done++;
          progress(done / items.length, `${done} of ${items.length}`);
        }
      };
      const results = await Promise.all(items.map((item) => inTurn(() => process(item))));
      for (const { key } of items) if (key !== undefined) await objects.delete(key);
      const stored = results.filter(({ id }) => id !== null).length;
      return { stored, failed: results.length - stored, items: results };
    },
  });

export type BatchJob = ReturnType<typeof defineBatchJob>;
