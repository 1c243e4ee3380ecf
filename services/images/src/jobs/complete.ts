import { ServiceError } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { type AwaitedTagger, countAttempt, endAwaiting, listAwaited } from '../db/awaited-taggers.ts';
import { correctFindings, findCorrections } from '../db/corrections.ts';
import { findImage, giveTags, insertFindings } from '../db/pictures.ts';
import type { TagNames } from '../db/tag-names.ts';
import { readPicture } from '../picture/read-picture.ts';
import { mergeFindings } from '../tagging/merge-findings.ts';
import type { Taggers } from '../tagging/tagger.ts';

const everyFiveMinutes = '*/5 * * * *';
/** In one go. */
const mostImages = 100;

export interface Completing {
  readonly tagger: Taggers;
  readonly tagNames: TagNames;
}

/** Asks the taggers again that could not look at an image when it came. @returns how many images have what they waited for */
export const completeImages = async (context: ImagesContext, { tagger, tagNames }: Completing): Promise<number> => {
  const { config, database, logger, objects, signal } = context;
  const complete = async (member: Taggers, awaited: AwaitedTagger): Promise<boolean> => {
    const image = await findImage(database.query, awaited.picture_id);
    if (image === undefined) return false;
    const bytes = await objects.get(image.path);
    const options = { maximumPixels: config.IMAGES_MAXIMUM_PIXELS, previewEdge: tagger.previewEdge };
    const { taggings } = await member.tag(await readPicture(bytes, options), signal);
    const recorded = await tagNames.record(taggings);
    return database.transaction(async (transaction) => {
      if (!(await endAwaiting(transaction, awaited))) return false;
      await insertFindings(transaction, image.id, recorded);
      const corrected = correctFindings(mergeFindings(recorded), await findCorrections(transaction, image.id));
      await giveTags(transaction, image, corrected, awaited.minimum_confidence);
      return true;
    });
  };
  const down = new Set<string>();
  let completed = 0;
  for (const awaited of await listAwaited(database.query, mostImages)) {
    const member = tagger.members.find(({ name }) => name === awaited.tagger);
    // It tags no more, or has just failed.
    if (member === undefined || down.has(awaited.tagger)) continue;
    try {
      if (await complete(member, awaited)) completed++;
    } catch (error) {
      signal.throwIfAborted();
      await countAttempt(database.query, awaited);
      if (!(error instanceof ServiceError) || error.status >= 500) down.add(awaited.tagger);
      logger.warn({ err: error, image: awaited.picture_id, tagger: awaited.tagger }, 'an image is still to be tagged');
    }
  }
  return completed;
};

/** Completes images at the start and every five minutes. */
export const scheduleCompletion = (context: ImagesContext, completing: Completing): void => {
  const { logger, onStart, onStop, schedule, signal } = context;
  let running: Promise<void> = Promise.resolve();
  const begin = async (): Promise<void> => {
    running = running
      .then(async () => {
        const images = await completeImages(context, completing);
        if (images > 0) logger.info({ images }, 'completed images that waited for a tagger');
      })
      .catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ err: error }, 'images could not be completed; the next time goes on');
      });
  };
  if (completing.tagger.members.length === 0) return;
  onStart(() => void begin());
  schedule.cron('the completion of images', everyFiveMinutes, begin);
  onStop(() => running);
};
