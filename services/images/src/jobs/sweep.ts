import type { ImagesContext } from '../context.ts';
import type { UploadClaims } from '../db/upload-claims.ts';
import type { ImageKit } from '../tagging/imagga/imagekit.ts';
import type { RemoteCopies } from '../tagging/imagga/remote-copies.ts';
import { sweepCopies } from '../tagging/imagga/tagger.ts';
import { sweepFiles } from '../uploads/sweep-files.ts';

/** An upload to ImageKit that began longer ago is not running any more. */
const copyGraceMs = 5 * 60_000;
/** Copies are somebody's photographs in a foreign place, and a table tells of them: looking is cheap. */
const copySchedule = '*/5 * * * *';

export interface SweptPlaces {
  readonly imageKit: ImageKit | undefined;
  readonly copies: RemoteCopies;
  readonly claims: UploadClaims;
}

/** Removes, at the start and on schedule, what crashes and failures left: files without an image, copies on ImageKit, claims that have run out. */
export const scheduleSweeps = (context: ImagesContext, { imageKit, copies, claims }: SweptPlaces): void => {
  const { clock, config, database, logger, objects, onStart, onStop, schedule } = context;
  let running: Promise<void> = Promise.resolve();

  const removeFiles = async (): Promise<void> => {
    await claims.prune();
    const files = await sweepFiles(database.query, objects, clock());
    if (files > 0) logger.info({ files }, 'removed files that crashes had left');
  };
  const removeCopies = async (): Promise<void> => {
    if (imageKit === undefined) return;
    const removed = await sweepCopies(imageKit, copies, new Date(clock().getTime() - copyGraceMs));
    if (removed > 0) logger.info({ copies: removed }, 'removed copies that were left on ImageKit');
  };
  /** One sweep after the other; one that fails holds up no other. */
  const begin = (...sweeps: (() => Promise<void>)[]): void => {
    for (const sweep of sweeps) {
      running = running.then(sweep).catch((error: unknown) => {
        if (!context.signal.aborted) logger.warn({ err: error }, 'a sweep did not finish; the next one goes on');
      });
    }
  };

  onStart(() => begin(removeFiles, removeCopies));
  schedule.cron('IMAGES_SWEEP_SCHEDULE', config.IMAGES_SWEEP_SCHEDULE, async () => begin(removeFiles));
  schedule.cron('the sweep of ImageKit', copySchedule, async () => begin(removeCopies));
  onStop(() => running);
};
