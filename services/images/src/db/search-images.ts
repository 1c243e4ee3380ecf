import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { isNear } from './near.ts';
import type { ImagesTables } from './tables.ts';
import type { DateRange } from './tag-statistics.ts';

/** Where a page ended: the next one begins behind it. */
export interface SearchPosition {
  readonly date: string;
  readonly id: number;
}

/** What a text is a part of: these words, or, where they are many, whatever the pattern fits. */
export type TextMatch = { readonly words: readonly string[] } | { readonly pattern: string };

/** What is asked of the files' own words. */
export interface MetadataFilter {
  /** Inclusive, on the clock of the place, `YYYY-MM-DD HH:MM:SS`. */
  readonly takenFrom?: string;
  readonly takenTo?: string;
  readonly near?: { readonly latitude: number; readonly longitude: number; readonly kilometres: number };
  /** A part of make and model. */
  readonly camera?: string;
}

/** By the date of the upload, or by when they were taken. */
export type SearchOrder = 'oldest' | 'newest' | 'taken' | 'newest_taken';

export interface ImageSearch extends DateRange, MetadataFilter {
  /** Each is one tag, or one of several that a name may mean. */
  readonly all: readonly (string | readonly string[])[];
  readonly any: readonly string[];
  readonly none: readonly string[];
  readonly text?: TextMatch;
  /** Tags that are asked for count from this confidence on. */
  readonly minimumConfidence?: number;
  /** Default: oldest. */
  readonly order?: SearchOrder;
  readonly after?: SearchPosition;
  /** Only images of this one. */
  readonly album?: number;
  readonly limit: number;
}

/** Counting further would cost more than the better choice gains. */
const countedAtMost = 2000;

const countRows = async (query: Kysely<ImagesTables>, tag: string, { from, to }: ImageSearch): Promise<number> => {
  const { n } = await query
    .selectFrom(
      query
        .selectFrom('tags')
        .select('picture_id')
        .where('tag', '=', tag)
        .where('date', '>=', from ?? '0000-01-01 00:00:00')
        .where('date', '<=', to ?? '9999-12-31 23:59:59')
        .limit(countedAtMost)
        .as('some'),
    )
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
};

/** The tag with the fewest images in the range: the search walks along it and looks the others up. */
const rarest = async (query: Kysely<ImagesTables>, search: ImageSearch): Promise<string | undefined> => {
  const single = search.all.flatMap((tag) => (typeof tag === 'string' ? [tag] : []));
  if (single.length < 2) return single[0];
  const counts = await Promise.all(single.map((tag) => countRows(query, tag, search)));
  return single[counts.indexOf(Math.min(...counts))];
};

const eb = expressionBuilder<ImagesTables, never>();

const fits = (tag: Expression<unknown>, pattern: string) => sql<boolean>`${tag} like ${pattern} escape '!'`;

/** The pattern of whatever contains a text. */
const containing = (text: string): string => `%${text.replaceAll(/[!%_]/g, '!$&')}%`;

/** Whether the file says what is asked of it. */
const saysSo = (id: Expression<unknown>, search: MetadataFilter): Expression<SqlBool>[] => {
  const { takenFrom, takenTo, near, camera } = search;
  const asked = [
    ...(takenFrom === undefined ? [] : [sql<boolean>`said.taken_at >= ${takenFrom}`]),
    ...(takenTo === undefined ? [] : [sql<boolean>`said.taken_at <= ${takenTo}`]),
    ...(camera === undefined ? [] : [fits(sql`lower(said.camera)`, containing(camera.toLowerCase()))]),
    ...(near === undefined ? [] : isNear(near)),
  ];
  if (asked.length === 0) return [];
  const said = eb.selectFrom('picture_metadata as said').select('said.picture_id');
  return [eb.exists(said.where(sql<boolean>`said.picture_id = ${id}`).where(eb.and(asked)))];
};

/** Whether the image has a tag that is one of these, or that the text is a part of; looked up by its keys. */
const hasTag = (
  id: Expression<unknown>,
  match: TextMatch,
  minimumConfidence: number | undefined,
): Expression<SqlBool> =>
  eb.exists(
    eb
      .selectFrom('tags as other')
      .select('other.picture_id')
      .where(
        'words' in match
          ? sql<boolean>`other.tag in (${sql.join(match.words)})`
          : fits(sql.ref('other.tag'), match.pattern),
      )
      .where(sql<boolean>`other.picture_id = ${id}`)
      .$if(minimumConfidence !== undefined, (select) => select.where('other.confidence', '>=', minimumConfidence ?? 0)),
  );

const isInAlbum = (id: Expression<unknown>, album: number): Expression<SqlBool> =>
  eb.exists(
    eb
      .selectFrom('album_pictures as held')
      .select('held.picture_id')
      .where('held.album_id', '=', album)
      .where(sql<boolean>`held.picture_id = ${id}`),
  );

const anyTag: TextMatch = { pattern: '%' };

/** A confidence that is asked of no tag in particular. */
const isConfidenceAlone = ({ all, any, text, minimumConfidence }: ImageSearch): boolean =>
  minimumConfidence !== undefined && all.length === 0 && any.length === 0 && text === undefined;

/** Everything that is asked of an image besides the tag that the search walks along. */
const conditions = (
  search: ImageSearch,
  id: Expression<unknown>,
  date: Expression<unknown>,
  walked?: string,
): Expression<SqlBool> => {
  const { from, to, text, minimumConfidence, album } = search;
  const required = search.all.filter((tag) => tag !== walked);
  return eb.and([
    ...(from === undefined ? [] : [sql<boolean>`${date} >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`${date} <= ${to}`]),
    ...required.map((tag) => hasTag(id, { words: [tag].flat() }, minimumConfidence)),
    ...(search.any.length === 0 ? [] : [hasTag(id, { words: search.any }, minimumConfidence)]),
    ...(text === undefined ? [] : [hasTag(id, text, minimumConfidence)]),
    ...saysSo(id, search),
    ...(album === undefined ? [] : [isInAlbum(id, album)]),
    ...(isConfidenceAlone(search) ? [hasTag(id, anyTag, minimumConfidence)] : []),
    ...(search.none.length === 0 ? [] : [eb.not(hasTag(id, { words: search.none }, undefined))]),
  ]);
};

/** What comes after a position. Said twice, because engines use the first half to begin in the middle of an index. */
const isAfter = (search: ImageSearch, id: Expression<unknown>, date: Expression<unknown>): Expression<SqlBool> => {
  const { after, order = 'oldest' } = search;
  if (after === undefined) return sql<boolean>`1 = 1`;
  return order.startsWith('newest')
    ? sql<boolean>`${date} <= ${after.date} and (${date} < ${after.date} or ${id} < ${after.id})`
    : sql<boolean>`${date} >= ${after.date} and (${date} > ${after.date} or ${id} > ${after.id})`;
};

const directionOf = ({ order = 'oldest' }: ImageSearch) => (order.startsWith('newest') ? 'desc' : 'asc');

/** By when they were taken; by the upload where the file does not say. */
const searchByTaken = (query: Kysely<ImagesTables>, search: ImageSearch): Promise<SearchPosition[]> => {
  const id = sql.ref('pictures.id');
  const taken = sql<string>`coalesce(said.taken_at, pictures.date)`;
  return query
    .selectFrom('pictures')
    .leftJoin('picture_metadata as said', 'said.picture_id', 'pictures.id')
    .select(['pictures.id', taken.as('date')])
    .where(conditions(search, id, sql.ref('pictures.date')))
    .where(isAfter(search, id, taken))
    .orderBy('date', directionOf(search))
    .orderBy('pictures.id', directionOf(search))
    .limit(search.limit)
    .execute();
};

/** Finds images by their tags, dates and what their files say. @returns positions in order, at most `limit` */
export const searchImages = async (query: Kysely<ImagesTables>, search: ImageSearch): Promise<SearchPosition[]> => {
  if (search.order?.endsWith('taken')) return searchByTaken(query, search);
  const direction = directionOf(search);
  const walked = await rarest(query, search);
  if (walked === undefined) {
    const [id, date] = [sql.ref('pictures.id'), sql.ref('pictures.date')];
    return query
      .selectFrom('pictures')
      .select(['pictures.id', 'pictures.date'])
      .where(conditions(search, id, date))
      .where(isAfter(search, id, date))
      .orderBy('pictures.date', direction)
      .orderBy('pictures.id', direction)
      .limit(search.limit)
      .execute();
  }
  const { minimumConfidence } = search;
  const [id, date] = [sql.ref('walked.picture_id'), sql.ref('walked.date')];
  return query
    .selectFrom('tags as walked')
    .select(['walked.picture_id as id', 'walked.date'])
    .where('walked.tag', '=', walked)
    .$if(minimumConfidence !== undefined, (select) => select.where('walked.confidence', '>=', minimumConfidence ?? 0))
    .where(conditions(search, id, date, walked))
    .where(isAfter(search, id, date))
    .orderBy('walked.date', direction)
    .orderBy('walked.picture_id', direction)
    .limit(search.limit)
    .execute();
};

/** More words are not looked up one by one. */
const mostWords = 500;

/** The tags that contain a text. */
export const matchText = async (query: Kysely<ImagesTables>, text: string): Promise<TextMatch> => {
  const pattern = containing(text.normalize('NFC').toLowerCase());
  const rows = await query
    .selectFrom('vocabulary')
    .select('tag')
    .where(fits(sql.ref('tag'), pattern))
    .limit(mostWords + 1)
    .execute();
  return rows.length > mostWords ? { pattern } : { words: rows.map(({ tag }) => tag) };
};
