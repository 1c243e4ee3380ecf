import { insertIgnore } from '@vindima/database';
import type { Kysely, Transaction } from 'kysely';
import type { Picture } from '../picture/read-picture.ts';
import { insertMetadata } from './metadata.ts';
import { deleteImage, unknownFormat } from './pictures.ts';
import type { AdoptedPicturesTable, ImagesTables } from './tables.ts';

type State = AdoptedPicturesTable['state'];

/** A picture of the old system, as it is to be here. */
export interface AdoptedPicture {
  readonly id: number;
  readonly oldId: number;
  readonly date: string;
  /** Where its file was put. */
  readonly path: string;
  readonly state: State;
  /** Its file, where there is one; without a picture when it cannot be read as one. */
  readonly content?: { readonly sha256: string; readonly bytes: Buffer; readonly picture?: Picture };
  readonly tags: ReadonlyMap<string, number>;
}

export const adoptedState = async (
  query: Kysely<ImagesTables>,
  id: number,
): Promise<{ readonly oldId: number; readonly state: State } | undefined> => {
  const row = await query
    .selectFrom('adopted_pictures')
    .select(['old_id', 'state'])
    .where('picture_id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : { oldId: row.old_id, state: row.state };
};

export const isIdTaken = async (query: Kysely<ImagesTables>, id: number): Promise<boolean> =>
  (await query.selectFrom('pictures').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

/** Whether there are images that were not taken over. */
export const hasOwnImages = async (query: Kysely<ImagesTables>): Promise<boolean> =>
  (await query
    .selectFrom('pictures')
    .leftJoin('adopted_pictures', 'adopted_pictures.picture_id', 'pictures.id')
    .select('pictures.id')
    .where('adopted_pictures.picture_id', 'is', null)
    .limit(1)
    .executeTakeFirst()) !== undefined;

/** Where these bytes are: under the key given, unless another image brought them. */
const placeOf = async (transaction: Transaction<ImagesTables>, sha256: string, path: string): Promise<string> => {
  await insertIgnore(transaction, 'picture_files', [{ sha256, path }]);
  const file = await transaction
    .selectFrom('picture_files')
    .select('path')
    .where('sha256', '=', sha256)
    .executeTakeFirstOrThrow();
  return file.path;
};

/** Records a picture under its id, in the place of what an earlier adoption recorded without a file. @returns the key of its file */
export const adoptPicture = async (
  transaction: Transaction<ImagesTables>,
  { id, oldId, date, path, state, content, tags }: AdoptedPicture,
): Promise<string> => {
  await deleteImage(transaction, { id, sha256: '' });
  const place = content === undefined ? path : await placeOf(transaction, content.sha256, path);
  await transaction.insertInto('pictures').values({ id, path: place, date }).execute();
  await transaction.insertInto('adopted_pictures').values({ picture_id: id, old_id: oldId, state }).execute();
  if (content !== undefined) {
    const { sha256, bytes, picture } = content;
    const { format = unknownFormat, width = 0, height = 0 } = picture ?? {};
    const details = { picture_id: id, sha256, format, width, height, bytes: bytes.length };
    await transaction.insertInto('picture_details').values(details).execute();
    if (picture !== undefined) await insertMetadata(transaction, id, picture.metadata);
  }
  const rows = [...tags].map(([tag, confidence]) => ({ tag, picture_id: id, confidence, date }));
  if (rows.length > 0) {
    await transaction.insertInto('tags').values(rows).execute();
    await insertIgnore(
      transaction,
      'vocabulary',
      rows.map(({ tag }) => ({ tag })),
    );
  }
  return place;
};
