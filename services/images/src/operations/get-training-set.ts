import { imagesOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { findCorrections, listCorrected } from '../db/corrections.ts';
import { findTags } from '../db/findings.ts';
import { findImages } from '../db/pictures.ts';

const usualPage = 100;

const readCursor = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  if (/^\d{1,10}$/.test(cursor)) return Number(cursor);
  throw new ServiceError(400, 'images.invalid_cursor', 'The cursor is not one that a page ended with.');
};

/** Tells of the images whose tags were corrected, in the order of their ids. */
export const getTrainingSet = (context: ImagesContext) =>
  implement(context, imagesOperations.getTrainingSet, async ({ query: { limit = usualPage, cursor } }) => {
    const { query } = context.database;
    const found = await listCorrected(query, readCursor(cursor), limit + 1);
    const ids = found.slice(0, limit);
    const [images, tags] = [await findImages(query, ids), await findTags(query, ids)];
    const items = [];
    for (const { id, sha256 } of images.sort((one, other) => one.id - other.id)) {
      const corrections = await findCorrections(query, id);
      const named = (isRight: boolean) =>
        corrections.filter(({ is_right }) => is_right === isRight).map(({ tag }) => tag);
      const labels = (tags.get(id) ?? []).map(({ tag }) => tag);
      items.push({ id, sha256, file: `/images/${id}/file`, labels, confirmed: named(true), wrong: named(false) });
    }
    return { items, next_cursor: found.length > limit ? String(ids.at(-1)) : null };
  });
