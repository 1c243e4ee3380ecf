import type { ImageFinding, ImageTag } from '@vindima/contracts';
import type { Kysely } from 'kysely';
import type { ImagesTables } from './tables.ts';

const byConfidence = (one: ImageTag, other: ImageTag): number =>
  other.confidence - one.confidence || (one.tag < other.tag ? -1 : 1);

/** The tags of images, by descending confidence. */
export const findTags = async (
  query: Kysely<ImagesTables>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ImageTag[]>> => {
  const tags = new Map<number, ImageTag[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return tags;
  const rows = await query
    .selectFrom('tags')
    .select(['picture_id', 'tag', 'confidence'])
    .where('picture_id', 'in', ids)
    .execute();
  for (const { picture_id, tag, confidence } of rows) tags.get(picture_id)?.push({ tag, confidence });
  for (const list of tags.values()) list.sort(byConfidence);
  return tags;
};

/** Everything that was found in an image, by descending confidence. */
export const findFindings = async (query: Kysely<ImagesTables>, id: number): Promise<ImageFinding[]> => {
  const rows = await query
    .selectFrom('findings')
    .innerJoin('tag_sources', 'tag_sources.id', 'findings.source_id')
    .leftJoin('tags', (join) =>
      join.onRef('tags.tag', '=', 'findings.tag').onRef('tags.picture_id', '=', 'findings.picture_id'),
    )
    .select([
      'findings.tag',
      'findings.confidence',
      'tag_sources.tagger',
      'tag_sources.model',
      'tag_sources.version',
      'tags.tag as given_tag',
    ])
    .where('findings.picture_id', '=', id)
    .execute();
  return rows.map(({ given_tag, ...finding }) => ({ ...finding, given: given_tag !== null })).sort(byConfidence);
};
