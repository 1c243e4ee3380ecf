import { type ImageSearchQuery, imagesOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ImagesContext } from '../context.ts';
import { isTableDate } from '../dates.ts';
import { findImages } from '../db/pictures.ts';
import { type SearchPosition, searchImages } from '../db/search-images.ts';
import { inLanguage, withTags } from './present.ts';
import { toSearch } from './select-images.ts';

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
  'album',
  'order',
  'lang',
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

/** The page that is asked for. @returns undefined when nothing can be found */
const searchOf = async (context: ImagesContext, query: ImageSearchQuery, limit: number) => {
  const search = await toSearch(context, query, limit);
  return search === undefined
    ? undefined
    : {
        ...search,
        order: query.order ?? 'oldest',
        ...(query.cursor === undefined ? {} : { after: decodeCursor(query.cursor) }),
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
    const search = await searchOf(context, request.query, wanted + 1);
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
    for (const image of items) image.tags = inLanguage(context, image.tags, request.query.lang);
    if (isPage) return { items, next_cursor: next };
    if (next !== null) reply.header('link', `<${nextAddress(request.query, next)}>; rel="next"`);
    return items;
  });
};
