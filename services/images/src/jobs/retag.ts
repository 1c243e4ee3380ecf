import { type ImageRetag, ServiceError } from '@vindima/contracts';
import { type Static, Type } from 'typebox';
import type { ImagesContext } from '../context.ts';
import { findImage } from '../db/pictures.ts';
import { retagImage } from '../db/retag-image.ts';
import type { TagNames } from '../db/tag-names.ts';
import { readPicture } from '../picture/read-picture.ts';
import { taggingOfFile } from '../tagging/file-tagging.ts';
import type { Taggers } from '../tagging/tagger.ts';

const RetagInput = Type.Object({
  ids: Type.Array(Type.Integer()),
  taggers: Type.Array(Type.String()),
  minimum_confidence: Type.Number(),
});

/** Failures that a result tells of. */
const mostFailures = 100;

export interface Retagging {
  readonly tagger: Taggers;
  readonly tagNames: TagNames;
}

/** Those of the taggers that were asked for. @throws ServiceError 400 `images.unknown_tagger` */
export const chooseTaggers = (tagger: Taggers, names: ImageRetag['taggers']): readonly Taggers[] => {
  if (names === undefined) return [tagger];
  const known = tagger.members.length === 0 ? [tagger] : tagger.members;
  return names.map((name) => {
    const found = known.find((member) => member.name === name);
    if (found !== undefined) return found;
    const list = known.map((member) => member.name).join(', ');
    throw new ServiceError(400, 'images.unknown_tagger', `The tagger ${name} does not tag here; ${list} can be asked.`);
  });
};

/** Tags images again, one after the other; begun again after a crash it does all of them once more, with the same outcome. */
export const defineRetagJob = (context: ImagesContext, { tagger, tagNames }: Retagging) => {
  const { config, jobs, objects, database } = context;
  const retag = async (id: number, input: Static<typeof RetagInput>, signal: AbortSignal): Promise<boolean> => {
    const image = await findImage(database.query, id);
    if (image === undefined) return false;
    const picture = await readPicture(await objects.get(image.path), {
      maximumPixels: config.IMAGES_MAXIMUM_PIXELS,
      previewEdge: tagger.previewEdge,
    });
    const found = [];
    const chosen = chooseTaggers(
      tagger,
      input.taggers.length === 0 ? undefined : (input.taggers as ImageRetag['taggers']),
    );
    for (const one of chosen) found.push(...(await one.tag(picture, signal)).taggings);
    const taggings = [taggingOfFile(picture.metadata), ...found];
    const recorded = { taggers: taggings.map((one) => one.tagger), taggings: await tagNames.record(taggings) };
    await database.transaction((transaction) => retagImage(transaction, image, recorded, input.minimum_confidence));
    return true;
  };
  return jobs.define({
    kind: 'images.retag',
    input: RetagInput,
    run: async ({ input, signal, progress }) => {
      let retagged = 0;
      const failures: { id: number; code: string; error: string }[] = [];
      for (const [index, id] of input.ids.entries()) {
        signal.throwIfAborted();
        try {
          if (await retag(id, input, signal)) retagged++;
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof ServiceError)) throw error;
          failures.push({ id, code: error.code, error: error.message });
        }
        progress((index + 1) / input.ids.length, `${index + 1} of ${input.ids.length}`);
      }
      return { retagged, failed: failures.length, failures: failures.slice(0, mostFailures) };
    },
  });
};
export type RetagJob = ReturnType<typeof defineRetagJob>;
