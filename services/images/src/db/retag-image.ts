import type { Transaction } from 'kysely';
import { mergeFindings } from '../tagging/merge-findings.ts';
import { correctFindings, findCorrections } from './corrections.ts';
import { findFindings } from './findings.ts';
import { giveTags, insertFindings, type StoredImage } from './pictures.ts';
import type { ImagesTables } from './tables.ts';
import type { RecordedTagging } from './tag-names.ts';

/** Removes what some taggers found in an image, whatever their models were. */
const forget = async (
  transaction: Transaction<ImagesTables>,
  id: number,
  taggers: readonly string[],
): Promise<void> => {
  const sources = transaction.selectFrom('tag_sources').select('id').where('tagger', 'in', taggers);
  await transaction.deleteFrom('findings').where('picture_id', '=', id).where('source_id', 'in', sources).execute();
};

/**
 * Puts what taggers find now in the place of what they found before. What others found stays, and so do corrections; the tags follow from all
 * of it.
 */
export const retagImage = async (
  transaction: Transaction<ImagesTables>,
  image: StoredImage,
  { taggers, taggings }: { readonly taggers: readonly string[]; readonly taggings: readonly RecordedTagging[] },
  minimumConfidence: number,
): Promise<void> => {
  const before = await findFindings(transaction, image.id);
  await forget(transaction, image.id, taggers);
  await insertFindings(transaction, image.id, taggings);
  const findings = mergeFindings([{ findings: await findFindings(transaction, image.id) }]);
  const corrected = correctFindings(findings, await findCorrections(transaction, image.id));
  // Tags that nobody found here came with the old installation: they stay.
  const found = [...new Set([...before, ...findings].map(({ tag }) => tag))];
  if (found.length > 0) {
    await transaction.deleteFrom('tags').where('picture_id', '=', image.id).where('tag', 'in', found).execute();
  }
  await giveTags(transaction, image, corrected, minimumConfidence);
};
