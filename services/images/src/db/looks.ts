import type { Kysely, Transaction } from 'kysely';
import { distance, haveSameColours, type Looks } from '../picture/looks.ts';
import { fileTagger } from '../tagging/file-tagging.ts';
import type { Tagging, Taggings } from '../tagging/tagger.ts';
import { findFindings } from './findings.ts';
import type { ImagesTables } from './tables.ts';

/** Bits in which pictures that look the same may differ: with four parts, one of them is then equal, and an index finds it. */
const nearest = 3;
/** Many pictures may share a part; more are not compared. */
const mostCompared = 1000;

const partsOf = (hash: string | null) => ({
  part0: hash?.slice(0, 4) ?? null,
  part1: hash?.slice(4, 8) ?? null,
  part2: hash?.slice(8, 12) ?? null,
  part3: hash?.slice(12) ?? null,
});

/** The first image with the same pixels. */
export const findSamePixels = async (query: Kysely<ImagesTables>, pixels: string): Promise<number | undefined> => {
  const row = await query
    .selectFrom('looks')
    .select('picture_id')
    .where('pixels', '=', pixels)
    .orderBy('picture_id')
    .limit(1)
    .executeTakeFirst();
  return row?.picture_id;
};

/** The first image that looks the same. Of one that is a duplicate itself, the one that it is a duplicate of. */
export const findAlike = async (
  query: Kysely<ImagesTables>,
  { pixels, hash, colours }: Looks,
): Promise<number | undefined> => {
  const same = await findSamePixels(query, pixels);
  if (same !== undefined) return (await findDuplicateOf(query, same)) ?? same;
  if (hash === null) return undefined;
  const parts = partsOf(hash);
  const rows = await query
    .selectFrom('looks')
    .select(['picture_id', 'duplicate_of', 'part0', 'part1', 'part2', 'part3', 'colours'])
    .where(({ eb, or }) =>
      or((['part0', 'part1', 'part2', 'part3'] as const).map((part) => eb(part, '=', parts[part]))),
    )
    .orderBy('picture_id')
    .limit(mostCompared)
    .execute();
  const alike = rows.find(
    (one) =>
      distance(hash, `${one.part0}${one.part1}${one.part2}${one.part3}`) <= nearest &&
      haveSameColours(colours, one.colours),
  );
  return alike?.duplicate_of ?? alike?.picture_id;
};

export const insertLooks = async (
  transaction: Transaction<ImagesTables>,
  id: number,
  looks: Looks,
  duplicateOf: number | undefined,
): Promise<void> => {
  await transaction
    .insertInto('looks')
    .values({
      picture_id: id,
      pixels: looks.pixels,
      ...partsOf(looks.hash),
      colours: looks.colours,
      duplicate_of: duplicateOf ?? null,
    })
    .execute();
};

/** Which earlier image an image looks like. */
export const findDuplicateOf = async (query: Kysely<ImagesTables>, id: number): Promise<number | null> => {
  const row = await query.selectFrom('looks').select('duplicate_of').where('picture_id', '=', id).executeTakeFirst();
  return row?.duplicate_of ?? null;
};

/** What taggers found in an image with the same pixels; undefined where there is none that they have all looked at. */
export const findTaggingsOfPixels = async (
  query: Kysely<ImagesTables>,
  pixels: string,
): Promise<Taggings | undefined> => {
  const id = await findSamePixels(query, pixels);
  if (id === undefined) return undefined;
  const awaited = await query
    .selectFrom('awaited_taggers')
    .select('tagger')
    .where('picture_id', '=', id)
    .executeTakeFirst();
  const findings = (await findFindings(query, id)).filter(({ tagger }) => tagger !== fileTagger);
  if (awaited !== undefined || findings.length === 0) return undefined;
  const sources = Map.groupBy(findings, ({ tagger, model, version }) => JSON.stringify([tagger, model, version]));
  const taggings = [...sources.values()].flatMap((found): Tagging[] => {
    const [first] = found;
    if (first === undefined) return [];
    const { tagger, model, version } = first;
    return [{ tagger, model, version, findings: found.map(({ tag, confidence }) => ({ tag, confidence })) }];
  });
  return { taggings, missing: [] };
};
