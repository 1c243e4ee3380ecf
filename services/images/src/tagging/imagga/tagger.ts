import { randomUUID } from 'node:crypto';
import type { Logger } from '@vindima/service-kit';
import { makePublicPreview } from '../../picture/public-preview.ts';
import type { Picture } from '../../picture/read-picture.ts';
import type { Tagger } from '../tagger.ts';
import type { ImageKit } from './imagekit.ts';
import type { Imagga } from './imagga.ts';
import type { RemoteCopies } from './remote-copies.ts';
import { TaggerFailure } from './tagger-failure.ts';

export interface ImaggaTaggerOptions {
  readonly imageKit: ImageKit;
  readonly imagga: Imagga;
  readonly copies: RemoteCopies;
  /** The longer side of what leaves the house, in pixels. */
  readonly size: number;
  /** Tags of the sandbox are made up, and say so. */
  readonly isSandbox: boolean;
  readonly logger: Logger;
}

/** Removes a copy, found by its name where the answer to its upload was lost. @returns whether there was one */
const removeCopy = async (imageKit: ImageKit, name: string, fileId: string | undefined): Promise<boolean> => {
  const found = fileId === undefined ? await imageKit.find(name) : [fileId];
  for (const id of found) await imageKit.remove(id);
  return found.length > 0;
};

/** Whether the upload was answered in a way that says there is no copy. */
const wasRefused = (error: unknown): boolean => error instanceof TaggerFailure && error.kind !== 'outage';

/**
 * Imagga, which reads pictures from a URL: a preview of the picture goes to ImageKit, its URL to Imagga, and the copy is removed whatever happens.
 * A removal that fails is left to the sweep: the list of copies knows of it.
 */
export const createImaggaTagger = ({
  imageKit,
  imagga,
  copies,
  size,
  isSandbox,
  logger,
}: ImaggaTaggerOptions): Tagger => {
  const removals = new Set<Promise<void>>();
  const remove = async (name: string, fileId?: string): Promise<void> => {
    const removal = removeCopy(imageKit, name, fileId)
      // What is not there may still be on its way: the sweep looks again.
      .then((wasThere) => (wasThere ? copies.gone(name) : undefined))
      .catch((error: unknown) => {
        logger.warn({ err: error, copy: name }, 'a copy on ImageKit is still to be removed');
      });
    removals.add(removal);
    await removal.finally(() => removals.delete(removal));
  };

  const upload = async (name: string, picture: Picture, signal: AbortSignal) => {
    await copies.expect(name);
    try {
      return await imageKit.upload(name, await makePublicPreview(picture, size), 'image/jpeg', signal);
    } catch (error) {
      if (wasRefused(error)) await copies.gone(name);
      // Nobody waits for the search of a copy that is probably not there, on a server that has just failed.
      else void remove(name);
      throw error;
    }
  };

  return {
    name: 'imagga',
    // It looks at the file itself.
    previewEdge: 1,
    async tag(picture, signal) {
      const name = `${randomUUID()}.jpg`;
      const { fileId, url } = await upload(name, picture, signal);
      try {
        await copies.uploaded(name, fileId);
        const findings = await imagga.tag(url, signal);
        return { tagger: 'imagga', model: 'imagga-tags', version: isSandbox ? 'v2-sandbox' : 'v2', findings };
      } finally {
        await remove(name, fileId);
      }
    },
    close: async () => {
      await Promise.all(removals);
    },
  };
};

/**
 * Removes what is left on ImageKit of uploads that began before a time. @returns how many copies are gone now
 * @throws what the removal of a copy failed with; where ImageKit refused that copy alone, after the others
 */
export const sweepCopies = async (imageKit: ImageKit, copies: RemoteCopies, before: Date): Promise<number> => {
  const left = await copies.olderThan(before);
  let refusal: TaggerFailure | undefined;
  for (const { name, fileId } of left) {
    try {
      await removeCopy(imageKit, name, fileId);
      await copies.gone(name);
    } catch (error) {
      if (!(error instanceof TaggerFailure && error.kind === 'refused')) throw error;
      refusal = error;
    }
  }
  if (refusal !== undefined) throw refusal;
  return left.length;
};
