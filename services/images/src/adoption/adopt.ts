import { randomUUID } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { ObjectStore } from '@vindima/object-store';
import { isTableDate } from '../dates.ts';
import { type AdoptedPicture, adoptedState, adoptPicture, isIdTaken } from '../db/adopted-pictures.ts';
import type { ImagesTables } from '../db/tables.ts';
import { readPicture } from '../picture/read-picture.ts';
import { sha256OfAny } from '../picture/sha256.ts';
import { normalizeTag } from '../tagging/tag-text.ts';
import { picturesPrefix } from '../uploads/store-picture.ts';
import type { OldInstallation, OldPicture, OldTag } from './old-tables.ts';
import { readOldFile } from './read-old-file.ts';

export interface AdoptionResources {
  readonly database: Database<ImagesTables>;
  readonly objects: ObjectStore;
  readonly old: OldInstallation;
  /** Of files. */
  readonly folder: string;
  /** Added to every id. */
  readonly offset: number;
  readonly maximumPixels: number;
}

/** What came of an adoption; each problem is a sentence. */
export interface Adoption {
  readonly adopted: number;
  /** By an earlier call. */
  readonly known: number;
  readonly problems: readonly string[];
}

const pageSize = 100;
const unknownDate = '1970-01-01 00:00:00';

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Tags as they were written, and what could not be taken of them. */
const readTags = (rows: readonly OldTag[]): { tags: Map<string, number>; problems: string[] } => {
  const tags = new Map<string, number>();
  const problems: string[] = [];
  for (const { tag, confidence } of rows) {
    const name = normalizeTag(tag ?? '');
    const value = Number(confidence ?? Number.NaN);
    if (name === '') problems.push('has a tag without a name, which was left out');
    else if (!(value >= 0 && value <= 100))
      problems.push(`has the tag ${name} with the confidence ${confidence}, which was left out`);
    else if (tags.has(name)) problems.push(`has the tag ${name} in two spellings, of which the surer one was taken`);
    if (name !== '' && value >= 0 && value <= 100) tags.set(name, Math.max(value, tags.get(name) ?? 0));
  }
  return { tags, problems };
};

/** Reads the file of an old picture, and looks at it. */
const readContent = async (
  { folder, maximumPixels }: AdoptionResources,
  { path }: OldPicture,
): Promise<Pick<AdoptedPicture, 'state' | 'content'> & { readonly problem?: string }> => {
  if (path === null || path === '') return { state: 'missing', problem: 'has no path' };
  try {
    const bytes = await readOldFile(folder, path);
    if (bytes === undefined) return { state: 'missing', problem: `has no file (${path})` };
    const sha256 = await sha256OfAny(bytes as Buffer<ArrayBuffer>);
    try {
      const picture = await readPicture(bytes, { maximumPixels, previewEdge: 64 });
      return { state: 'whole', content: { sha256, bytes, picture } };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { state: 'broken', content: { sha256, bytes }, problem: `cannot be read (${error.message})` };
    }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { state: 'missing', problem: `has a file that is no base64 (${path}: ${reasonOf(error)})` };
  }
};

/** Takes one picture over. @returns what is wrong with it */
const adoptOne = async (resources: AdoptionResources, picture: OldPicture, rows: readonly OldTag[]) => {
  const { database, objects, offset } = resources;
  const { problem, ...read } = await readContent(resources, picture);
  const { tags, problems } = readTags(rows);
  const isDated = picture.date !== null && isTableDate(picture.date);
  const date = isDated ? String(picture.date) : unknownDate;
  const path = `${picturesPrefix}${date.slice(0, 7).replace('-', '/')}/${randomUUID()}`;
  if (read.content !== undefined) await objects.put(path, read.content.bytes);
  const used = await database.transaction((transaction) =>
    adoptPicture(transaction, { id: picture.id + offset, oldId: picture.id, date, path, tags, ...read }),
  );
  // The same bytes are there already.
  if (used !== path && read.content !== undefined) await objects.delete(path);
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(isDated ? [] : [`has the date ${picture.date}, and got ${unknownDate}`]),
    ...problems,
  ];
};

/**
 * Copies the pictures and tags of the system that this service replaces: ids, dates and confidences stay as they were written, the same bytes are
 * stored once. What was copied before is left alone, except for files that were missing.
 */
export const adopt = async (resources: AdoptionResources): Promise<Adoption> => {
  const { database, old, offset } = resources;
  const problems: string[] = [];
  let [adopted, known, last] = [0, 0, Number.MIN_SAFE_INTEGER];
  for (;;) {
    const page = await old.picturesAfter(last, pageSize);
    if (page.length === 0) return { adopted, known, problems };
    const tags = await old.tagsOf(page.map(({ id }) => id));
    for (const picture of page) {
      last = picture.id;
      const id = picture.id + offset;
      const state = await adoptedState(database.query, id);
      const isTaken = state === undefined ? await isIdTaken(database.query, id) : state.oldId !== picture.id;
      if (isTaken || id < 1) {
        problems.push(`picture ${picture.id}: the id ${id} is another image's here; give an --offset`);
      } else if (state !== undefined && state.state !== 'missing') known++;
      else {
        const found = await adoptOne(resources, picture, tags.get(picture.id) ?? []);
        problems.push(...found.map((problem) => `picture ${picture.id}: ${problem}`));
        adopted++;
      }
    }
  }
};
