import { randomUUID } from 'node:crypto';
import type { Logger } from '@vindima/service-kit';
import { contentTypes, fileExtensions } from '../../picture/image-format.ts';
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
  /** Tags of the sandbox are made up, and say so. */
  readonly isSandbox: boolean;
  readonly logger: Logger;
}

/** Removes a copy, found by its name where the answer to its upload was lost. */
export const removeCopy = async (
  imageKit: ImageKit,
  copies: RemoteCopies,
  { name, fileId }: { readonly name: string; readonly fileId?: string | undefined },
): Promise<void> => {
  const found = fileId === undefined ? await imageKit.find(name) : [fileId];
  for (const id of found) await imageKit.remove(id);
  await copies.gone(name);
};

/** Whether the upload was answered in a way that says there is no copy. */
const wasRefused = (error: unknown): boolean => error instanceof TaggerFailure && error.kind !== 'outage';

/**
 * Imagga, which reads pictures from a URL: the picture goes to ImageKit, its URL to Imagga, and the copy is removed whatever happens.
 * A removal that fails is left to the sweep: the list of copies knows of it.
 */
export const createImaggaTagger = ({ imageKit, imagga, copies, isSandbox, logger }: ImaggaTaggerOptions): Tagger => {
  const removals = new Set<Promise<void>>();
  const remove = async (name: string, fileId?: string): Promise<void> => {
    const removal = removeCopy(imageKit, copies, { name, fileId }).catch((error: unknown) => {
      logger.warn({ err: error, copy: name }, 'a copy on ImageKit is still to be removed');
    });
    removals.add(removal);
    await removal.finally(() => removals.delete(removal));
  };

  const upload = async (name: string, { bytes, format }: Picture, signal: AbortSignal) => {
    await copies.expect(name);
    try {
      return await imageKit.upload(name, bytes, contentTypes[format], signal);
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
      const name = `${randomUUID()}.${fileExtensions[picture.format]}`;
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

/** Removes what earlier processes left on ImageKit. @returns how many copies are gone now */
export const sweepCopies = async (imageKit: ImageKit, copies: RemoteCopies, before: Date): Promise<number> => {
  const left = await copies.olderThan(before);
  for (const copy of left) await removeCopy(imageKit, copies, copy);
  return left.length;
};
