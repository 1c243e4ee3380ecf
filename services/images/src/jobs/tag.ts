import { imagesCommands, imagesEvents, type PayloadOf, ServiceError } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { taggedEvent } from '../uploads/announce.ts';

type TagCommand = PayloadOf<typeof imagesCommands.tag>;

const readSource = async (context: ImagesContext, command: TagCommand, signal: AbortSignal): Promise<Buffer> => {
  const { object_key: key, url } = command;
  if ((key === undefined) === (url === undefined)) {
    throw new ServiceError(400, 'images.no_picture', 'A command names either an object_key or a url.');
  }
  return key === undefined
    ? context.fetcher.fetch(url ?? '', signal)
    : context.lake.get(key, { maximumBytes: context.config.IMAGES_MAXIMUM_FILE_SIZE });
};

/** The job behind `commands.images.tag`: tells `events.images.tagged`, or `failed` with the reason. */
export const defineTagJob = (context: ImagesContext) =>
  context.jobs.define({
    kind: 'images.tag',
    input: imagesCommands.tag.payload,
    outputs: ({ id }: PayloadOf<typeof imagesEvents.tagged>) => ({ images: [id] }),
    run: async ({ input, signal, transaction, complete }) => {
      try {
        const bytes = await readSource(context, input, signal);
        const stored = await context.storePicture(bytes, {
          minimumConfidence: input.min_confidence ?? 80,
          signal,
          isAnnounced: false,
        });
        const event = taggedEvent(stored, input.reference);
        await complete(async (trx) => {
          await context.messages.send(trx, imagesEvents.tagged, event);
          return event;
        });
      } catch (error) {
        if (!(error instanceof ServiceError) || signal.aborted) throw error;
        const { min_confidence: _, ...source } = input;
        const event = { ...source, code: error.code, error: error.message };
        await transaction((trx) => context.messages.send(trx, imagesEvents.failed, event));
        throw error;
      }
    },
  });
