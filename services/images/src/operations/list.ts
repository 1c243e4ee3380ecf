import { type ImageSearchQuery, imagesOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ImagesContext } from '../context.ts';
import { isTableDate } from '../dates.ts';
import { findImages } from '../db/pictures.ts';
import { type ImageSearch, matchText, type SearchPosition, searchImages } from '../db/search-images.ts';
import { parseDateRange, parseMetadata, parseTags } from './parse-query.ts';
import { withTags } from './present.ts';

/** Where a bare array ends: a client that has more images asks for pages. */
const longestArray = 10_000;
const pageSize = 100;

const Position = Type.Object({ date: Type.String(), id: Type.Integer() });
/** Filters that a page has in common with the next one. */
const filters = [
  'min_date',
  'max_date',
  'tags',
  'any',
  'none',
  'min_confidence',
  'text',
  'taken_from',
  'taken_to',
  'near',
  'camera',
] as const;

const encodeCursor = (position: SearchPosition): string => Buffer.from(JSON.stringify(position)).toString('base64url');

const decodeCursor = (cursor: string): SearchPosition => {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Value.Check(Position, position) && isTableDate(position.date)) return { date: position.date, id: position.id };
  } catch {
    // Not ours either.
  }
  throw new ServiceError(400, 'images.invalid_cursor', 'The cursor is not one that a page ended with.');
};

/** @returns undefined when nothing can be found: no tag contains the text */
const toSearch = async (
  context: ImagesContext,
  query: ImageSearchQuery,
  limit: number,
): Promise<ImageSearch | undefined> => {
  const wanted = query.text?.trim() ?? '';
  const text = wanted === '' ? undefined : await matchText(context.database.query, wanted);
  if (text !== undefined && 'words' in text && text.words.length === 0) return undefined;
  return {
    ...parseDateRange(query),
    ...parseMetadata(query),
    all: parseTags(query.tags),
    any: parseTags(query.any),
    none: parseTags(query.none),
    ...(text === undefined ? {} : { text }),
    ...(query.min_confidence === undefined ? {} : { minimumConfidence: query.min_confidence }),
    ...(query.cursor === undefined ? {} : { after: decodeCursor(query.cursor) }),
    limit,
  };
};

/** Where the same search goes on. */
const nextAddress = (query: ImageSearchQuery, cursor: string): string => {
  const parameters = new URLSearchParams();
  for (const name of filters) if (query[name] !== undefined) parameters.set(name, String(query[name]));
  parameters.set('cursor', cursor);
  return `/images?${parameters}`;
};

/** Finds images; a bare array, or pages where `limit` or `cursor` asks for them. */
export const listImages = (context: ImagesContext) => {
  const { query: queries } = context.database;
  implement(context, imagesOperations.list, async (request, reply) => {
    const { limit, cursor } = request.query;
    const isPage = limit !== undefined || cursor !== undefined;
    const wanted = isPage ? (limit ?? pageSize) : longestArray;
    const search = await toSearch(context, request.query, wanted + 1);
    const found = search === undefined ? [] : await searchImages(queries, search);
    const positions = found.slice(0, wanted);
    const last = positions.at(-1);
    const next = found.length > wanted && last !== undefined ? encodeCursor(last) : null;
    const images = await findImages(
      queries,
      positions.map(({ id }) => id),
    );
    const byId = new Map(images.map((image) => [image.id, image]));
    const items = await withTags(
      queries,
      // Deleted meanwhile: no longer found.
      positions.flatMap(({ id }) => byId.get(id) ?? []),
    );
    if (isPage) return { items, next_cursor: next };
    if (next !== null) reply.header('link', `<${nextAddress(request.query, next)}>; rel="next"`);
    return items;
  });
};
