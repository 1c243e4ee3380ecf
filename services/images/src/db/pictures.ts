import { insertIgnore } from '@vindima/database';
import type { Kysely, Transaction } from 'kysely';
import type { Picture } from '../picture/read-picture.ts';
import { mergeFindings } from '../tagging/merge-findings.ts';
import type { Finding } from '../tagging/tagger.ts';
import { insertMetadata } from './metadata.ts';
import type { ImagesTables } from './tables.ts';
import type { RecordedTagging } from './tag-names.ts';

/** An image as the database knows it. */
export interface StoredImage {
  readonly id: number;
  readonly path: string;
  readonly date: string;
  readonly sha256: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** Of an image whose file nobody has looked at, or that cannot be read. */
export const unknownFormat = 'unknown';

const images = (query: Kysely<ImagesTables>) =>
  query
    .selectFrom('pictures')
    // Rows that others insert have none.
    .leftJoin('picture_details', 'picture_details.picture_id', 'pictures.id')
    .select(({ fn, val }) => [
      'pictures.id',
      'pictures.path',
      'pictures.date',
      fn.coalesce('picture_details.sha256', val('')).as('sha256'),
      fn.coalesce('picture_details.format', val(unknownFormat)).as('format'),
      fn.coalesce('picture_details.width', val(0)).as('width'),
      fn.coalesce('picture_details.height', val(0)).as('height'),
      fn.coalesce('picture_details.bytes', val(0)).as('bytes'),
    ]);

export const findImage = (query: Kysely<ImagesTables>, id: number): Promise<StoredImage | undefined> =>
  images(query).where('pictures.id', '=', id).executeTakeFirst();

/** The image of these bytes: of several the first. */
export const findImageBySha256 = (query: Kysely<ImagesTables>, sha256: string): Promise<StoredImage | undefined> =>
  images(query).where('picture_details.sha256', '=', sha256).orderBy('pictures.id').limit(1).executeTakeFirst();

export const findImages = (query: Kysely<ImagesTables>, ids: readonly number[]): Promise<StoredImage[]> =>
  ids.length === 0 ? Promise.resolve([]) : images(query).where('pictures.id', 'in', ids).execute();

/**
 * Records a picture with all that was found in it; what is more confident than `minimumConfidence` becomes its tags.
 * @throws the database's unique violation when the same bytes are recorded already
 */
export const insertImage = async (
  transaction: Transaction<ImagesTables>,
  { picture, sha256 }: { readonly picture: Picture; readonly sha256: string },
  place: { readonly path: string; readonly date: string },
  taggings: readonly RecordedTagging[],
  minimumConfidence: number,
): Promise<StoredImage> => {
  await transaction.insertInto('picture_files').values({ sha256, path: place.path }).execute();
  const { insertId } = await transaction.insertInto('pictures').values(place).executeTakeFirstOrThrow();
  const id = Number(insertId);
  const { format, width, height } = picture;
  const details = { sha256, format, width, height, bytes: picture.bytes.length };
  await transaction
    .insertInto('picture_details')
    .values({ picture_id: id, ...details })
    .execute();
  await insertMetadata(transaction, id, picture.metadata);
  await insertFindings(transaction, id, taggings);
  await giveTags(transaction, { id, date: place.date }, mergeFindings(taggings), minimumConfidence);
  return { id, ...place, ...details };
};

/** Records what was found, each with its source. */
export const insertFindings = async (
  transaction: Transaction<ImagesTables>,
  id: number,
  taggings: readonly RecordedTagging[],
): Promise<void> => {
  const rows = taggings.flatMap(({ findings, sourceId }) =>
    findings.map((finding) => ({ picture_id: id, ...finding, source_id: sourceId })),
  );
  if (rows.length > 0) await insertIgnore(transaction, 'findings', rows);
};

/** Makes those findings the image's tags that are more confident than `minimumConfidence` and are not yet. */
export const giveTags = async (
  transaction: Transaction<ImagesTables>,
  { id, date }: Pick<StoredImage, 'id' | 'date'>,
  findings: readonly Finding[],
  minimumConfidence: number,
): Promise<void> => {
  const given = findings.filter(({ confidence }) => confidence > minimumConfidence);
  if (given.length === 0) return;
  await insertIgnore(
    transaction,
    'tags',
    given.map(({ tag, confidence }) => ({ tag, picture_id: id, confidence, date })),
  );
};

/** Whether other images have the same bytes. Locks them until the transaction ends, so that of two deletions the second removes the file. */
const areBytesUsed = async (transaction: Transaction<ImagesTables>, sha256: string): Promise<boolean> => {
  await transaction
    .updateTable('picture_files')
    .set(({ ref }) => ({ path: ref('path') }))
    .where('sha256', '=', sha256)
    .execute();
  const other = await transaction
    .selectFrom('picture_details')
    .select('picture_id')
    .where('sha256', '=', sha256)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) return true;
  await transaction.deleteFrom('picture_files').where('sha256', '=', sha256).execute();
  return false;
};

/** Removes an image's rows. @returns undefined when there is no such image; else whether its file is to be removed too */
export const deleteImage = async (
  transaction: Transaction<ImagesTables>,
  { id, sha256 }: Pick<StoredImage, 'id' | 'sha256'>,
): Promise<{ readonly isFileUnused: boolean } | undefined> => {
  for (const table of [
    'tags',
    'findings',
    'picture_metadata',
    'awaited_taggers',
    'adopted_pictures',
    'corrections',
    'album_pictures',
    'looks',
    'picture_details',
  ] as const) {
    await transaction.deleteFrom(table).where('picture_id', '=', id).execute();
  }
  await transaction.updateTable('looks').set({ duplicate_of: null }).where('duplicate_of', '=', id).execute();
  const { numDeletedRows } = await transaction.deleteFrom('pictures').where('id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n) return undefined;
  return { isFileUnused: !(await areBytesUsed(transaction, sha256)) };
};

/** Which of these object keys no image has. */
export const unknownPaths = async (query: Kysely<ImagesTables>, paths: readonly string[]): Promise<string[]> => {
  if (paths.length === 0) return [];
  const rows = await query.selectFrom('pictures').select('path').where('path', 'in', paths).execute();
  const known = new Set(rows.map(({ path }) => path));
  return paths.filter((path) => !known.has(path));
};
