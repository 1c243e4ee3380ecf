import type { ImagesContext } from '../context.ts';
import type { UploadClaims } from '../db/upload-claims.ts';
import type { ImageKit } from '../tagging/imagga/imagekit.ts';
import type { RemoteCopies } from '../tagging/imagga/remote-copies.ts';
import { sweepCopies } from '../tagging/imagga/tagger.ts';
import { sweepFiles } from '../uploads/sweep-files.ts';

/** An upload to ImageKit that began longer ago is not running any more. */
const copyGraceMs = 5 * 60_000;

export interface SweptPlaces {
  readonly imageKit: ImageKit | undefined;
  readonly copies: RemoteCopies;
  readonly claims: UploadClaims;
}

/** Removes, at the start and on schedule, what crashes left: files without an image, copies on ImageKit, claims that have run out. */
export const scheduleSweeps = (context: ImagesContext, { imageKit, copies, claims }: SweptPlaces): void => {
  const { clock, config, database, logger, objects, onStart, onStop, schedule } = context;
  let running: Promise<void> = Promise.resolve();

  const sweep = async (): Promise<void> => {
    const now = clock();
    try {
      await claims.prune();
      const files = await sweepFiles(database.query, objects, now);
      const before = new Date(now.getTime() - copyGraceMs);
      const removed = imageKit === undefined ? 0 : await sweepCopies(imageKit, copies, before);
      if (files + removed > 0) logger.info({ files, copies: removed }, 'removed what crashes had left');
    } catch (error) {
      if (!context.signal.aborted) logger.warn({ err: error }, 'a sweep did not finish; the next one goes on');
    }
  };
  const begin = (): void => {
    running = running.then(sweep);
  };

  onStart(begin);
  schedule.cron('SWEEP_SCHEDULE', config.SWEEP_SCHEDULE, async () => begin());
  onStop(() => running);
};
