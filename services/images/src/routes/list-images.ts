import {
  ErrorBody,
  type ImageSearchQuery,
  ImageSearchResult,
  ImageSearchQuery as Query,
  ServiceError,
} from '@vindima/contracts';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ImagesContext } from '../context.ts';
import { findImages } from '../db/pictures.ts';
import { findWords, type ImageSearch, type SearchPosition, searchImages } from '../db/search-images.ts';
import { parseDateRange, parseTags } from './parse-query.ts';
import { withTags } from './present.ts';

/** Where a bare array ends: a client that has more images asks for pages. */
const longestArray = 10_000;
const pageSize = 100;

const Position = Type.Object({ date: Type.String(), id: Type.Integer() });

const encodeCursor = (position: SearchPosition): string => Buffer.from(JSON.stringify(position)).toString('base64url');

const decodeCursor = (cursor: string): SearchPosition => {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Value.Check(Position, position)) return { date: position.date, id: position.id };
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
  const any = parseTags(query.any);
  const text = query.text?.trim() ?? '';
  const words = text === '' ? undefined : await findWords(context.database.query, text);
  const wanted = words === undefined ? any : any.length === 0 ? words : words.filter((word) => any.includes(word));
  if (words !== undefined && wanted.length === 0) return undefined;
  return {
    ...parseDateRange(query),
    all: parseTags(query.tags),
    any: wanted,
    none: parseTags(query.none),
    ...(query.min_confidence === undefined ? {} : { minimumConfidence: query.min_confidence }),
    ...(query.cursor === undefined ? {} : { after: decodeCursor(query.cursor) }),
    limit,
  };
};

/** `GET /images`: finds images; a bare array, or pages where `limit` or `cursor` asks for them. */
export const registerListImages = (context: ImagesContext): void => {
  const { app, database } = context;
  app.get(
    '/images',
    {
      schema: {
        summary: 'Find images by their tags and dates',
        tags: ['images'],
        querystring: Query,
        response: { 200: ImageSearchResult, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const isPage = limit !== undefined || cursor !== undefined;
      const wanted = isPage ? (limit ?? pageSize) : longestArray;
      const search = await toSearch(context, request.query, wanted + 1);
      const found = search === undefined ? [] : await searchImages(database.query, search);
      const positions = found.slice(0, wanted);
      const last = positions.at(-1);
      const next = found.length > wanted && last !== undefined ? encodeCursor(last) : null;
      const images = await findImages(
        database.query,
        positions.map(({ id }) => id),
      );
      const byId = new Map(images.map((image) => [image.id, image]));
      const items = await withTags(
        database.query,
        // Deleted meanwhile: no longer found.
        positions.flatMap(({ id }) => byId.get(id) ?? []),
      );
      if (isPage) return { items, next_cursor: next };
      if (next !== null) reply.header('link', `</images?cursor=${next}>; rel="next"`);
      return items;
    },
  );
};
