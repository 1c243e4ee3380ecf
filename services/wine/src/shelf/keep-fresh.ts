import type { WineKit } from '../context.ts';
import type { Shelf } from './shelf.ts';

/** Looks now and then for what other replicas have ingested. */
export const keepFresh = ({ config, logger, onStart, onStop }: WineKit, shelf: Shelf) => {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  const look = () => {
    looking = shelf
      .refresh()
      .catch((error: unknown) => logger.warn({ err: error }, 'could not look for newly ingested data'));
  };
  onStart(() => {
    timer = setInterval(look, config.WINE_REFRESH_INTERVAL);
  });
  onStop(async () => {
    clearInterval(timer);
    await looking;
  });
};
