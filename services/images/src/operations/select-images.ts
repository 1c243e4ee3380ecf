import type { ImageSelection } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { type ImageSearch, matchText, searchImages } from '../db/search-images.ts';
import { parseDateRange, parseMetadata, parseTags } from './parse-query.ts';

/** What is asked for, as the database is asked. @returns undefined when nothing can be found: no tag contains the text */
export const toSearch = async (
  { database: { query }, tagNames }: Pick<ImagesContext, 'database' | 'tagNames'>,
  selection: ImageSelection,
  limit: number,
): Promise<ImageSearch | undefined> => {
  const meanings = (tags: readonly string[]) => tags.flatMap((tag) => tagNames.meanings(tag));
  const wanted = selection.text?.trim() ?? '';
  const text = wanted === '' ? undefined : await matchText(query, wanted);
  if (text !== undefined && 'words' in text && text.words.length === 0) return undefined;
  return {
    ...parseDateRange(selection),
    ...parseMetadata(selection),
    all: parseTags(selection.tags).map((tag) => {
      const [only, ...others] = tagNames.meanings(tag);
      return others.length === 0 && only !== undefined ? only : tagNames.meanings(tag);
    }),
    any: meanings(parseTags(selection.any)),
    none: meanings(parseTags(selection.none)),
    ...(text === undefined ? {} : { text }),
    ...(selection.min_confidence === undefined ? {} : { minimumConfidence: selection.min_confidence }),
    ...(selection.album === undefined ? {} : { album: selection.album }),
    limit,
  };
};

/** The ids of a selection, at most `limit`. */
export const selectIds = async (
  context: Pick<ImagesContext, 'database' | 'tagNames'>,
  selection: ImageSelection,
  limit: number,
): Promise<number[]> => {
  const search = await toSearch(context, selection, limit);
  const found = search === undefined ? [] : await searchImages(context.database.query, search);
  return found.map(({ id }) => id);
};
