import { openForeignDatabase } from '@vindima/database';
import { sql } from 'kysely';

/** A row of `pictures` of the system that this service replaces. All of its columns may be null. */
export interface OldPicture {
  readonly id: number;
  readonly path: string | null;
  readonly date: string | null;
}

export interface OldTag {
  readonly tag: string | null;
  readonly picture_id: number;
  /** As it was written: a FLOAT of 32 bits that is read as a number is another number. */
  readonly confidence: string | null;
}

interface OldTables {
  readonly pictures: OldPicture;
  readonly tags: OldTag;
}

/** Reads the tables of the old system, a page at a time. It only selects. */
export const openOldTables = (url: string) => {
  const { query, close } = openForeignDatabase<OldTables>(url, 'Pictures');
  return {
    close,
    picturesAfter: (id: number, limit: number): Promise<OldPicture[]> =>
      query
        .selectFrom('pictures')
        .select(['id', 'path', 'date'])
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .execute(),
    async tagsOf(ids: readonly number[]): Promise<ReadonlyMap<number, OldTag[]>> {
      const rows = await query
        .selectFrom('tags')
        .select(['tag', 'picture_id', sql<string | null>`cast(confidence as char)`.as('confidence')])
        .where('picture_id', 'in', ids)
        .execute();
      return Map.groupBy(rows, ({ picture_id }) => picture_id);
    },
  };
};
export type OldInstallation = ReturnType<typeof openOldTables>;
