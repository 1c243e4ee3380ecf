import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type ImageTag, ServiceError } from '@vindima/contracts';
import { type Database, isUniqueViolation } from '@vindima/database';
import type { ObjectStore } from '@vindima/object-store';
import type { Transaction } from 'kysely';
import pLimit from 'p-limit';
import { toTableDate } from '../dates.ts';
import { awaitTaggers } from '../db/awaited-taggers.ts';
import { correctFindings, findCorrections } from '../db/corrections.ts';
import { findFindings } from '../db/findings.ts';
import { findAlike, findTaggingsOfPixels, insertLooks } from '../db/looks.ts';
import { findImageBySha256, giveTags, insertImage, type StoredImage } from '../db/pictures.ts';
import type { ImagesTables } from '../db/tables.ts';
import type { TagNames } from '../db/tag-names.ts';
import type { UploadClaim, UploadClaims } from '../db/upload-claims.ts';
import { contentTypes, fileExtensions, type ImageFormat } from '../picture/image-format.ts';
import { looksOf } from '../picture/looks.ts';
import { formatOf, readPicture } from '../picture/read-picture.ts';
import { sha256OfAny } from '../picture/sha256.ts';
import { fileTagger, taggingOfFile } from '../tagging/file-tagging.ts';
import { bestOfEach, mergeFindings } from '../tagging/merge-findings.ts';
import type { Provenance, Taggers } from '../tagging/tagger.ts';
import { createOneAtATime } from './one-at-a-time.ts';

/** Where the files are, below a store that other services use too. */
export const picturesPrefix = 'images/pictures/';

/** A picture that is stored, now or since earlier. */
export interface StoredPicture {
  readonly image: StoredImage;
  /** Those above the confidence that was asked for, the best first. */
  readonly tags: readonly ImageTag[];
  readonly source: Provenance;
  readonly isNew: boolean;
}

export interface StorePictureOptions {
  readonly minimumConfidence: number;
  readonly signal: AbortSignal;
  /** False where the caller tells of the picture itself. Default true. */
  readonly isAnnounced?: boolean;
}

export interface PictureStoreResources {
  readonly database: Database<ImagesTables>;
  readonly objects: ObjectStore;
  readonly tagger: Taggers;
  readonly tagNames: TagNames;
  /** Where tagging is billed. Without, replicas that are given the same bytes at once may tag them each. */
  readonly claims: Pick<UploadClaims, 'take'> | undefined;
  readonly clock: () => Date;
  readonly maximumBytes: number;
  readonly maximumPixels: number;
  readonly takesHeic: boolean;
  /** Called in the transaction that makes a new picture known. */
  readonly announce: (transaction: Transaction<ImagesTables>, stored: StoredPicture) => Promise<void>;
}

export type StorePicture = (bytes: Buffer, options: StorePictureOptions) => Promise<StoredPicture>;

const heicIsOff = () =>
  new ServiceError(
    415,
    'images.unsupported_format',
    'HEIC pictures are not taken here (IMAGES_HEIC=off): send it as JPEG, which phones can write too ("most compatible").',
  );

/** A name that nothing ever had. */
const freshPath = (date: Date, format: ImageFormat): string =>
  `${picturesPrefix}${date.toISOString().slice(0, 7).replace('-', '/')}/${randomUUID()}.${fileExtensions[format]}`;

/**
 * Waits for two things that are done at once. When one of them fails, the other is waited for and undone.
 * @throws what the first failed with
 */
const bothOrUndo = async <One, Other>(
  one: Promise<One>,
  other: Promise<Other>,
  undoOther: () => Promise<void>,
): Promise<[One, Other]> => {
  try {
    return await Promise.all([one, other]);
  } catch (error) {
    // Where even undoing fails, the sweep does it later; the first failure is the one to tell of.
    await Promise.allSettled([one, other]);
    await Promise.allSettled([undoOther()]);
    throw error;
  }
};

/** Between two looks at what another replica makes of the same bytes. */
const lookAgainMs = 100;

/** The longer side, so that pictures can be told apart by it. */
const smallestPreview = 256;

const noSource: Provenance = { tagger: 'none', model: 'none', version: 'none' };

/**
 * Stores and tags pictures. The same bytes are stored, tagged and billed once: whoever brings them again, even at the same time, gets the
 * image that is there. Of several replicas the one that has the claim does the work, and the others wait for it; without claims the first
 * one to record the image keeps it.
 *
 * The file is written while its picture is decoded and tagged, ahead of its row, under a fresh name: a crash leaves at worst a file that no
 * image has, which the sweep removes, and never an image without its file. One that turns out to be broken is removed again.
 */
export const createPictureStore = (resources: PictureStoreResources): StorePicture => {
  const { announce, claims, clock, database, objects, tagger, tagNames, maximumBytes, maximumPixels, takesHeic } =
    resources;
  const previewEdge = Math.max(tagger.previewEdge, smallestPreview);
  const oneAtATime = createOneAtATime();
  // On half of the cores: a tagger that looks at pictures takes longer than decoding them, and whoever asks for something small does not wait.
  const decoding = pLimit(Math.ceil(availableParallelism() / 2));

  /** The image of these bytes, where there is one. What it was not confident enough for then may be asked for now. */
  const findExisting = async (sha256: string, minimumConfidence: number): Promise<StoredPicture | undefined> => {
    const image = await findImageBySha256(database.query, sha256);
    if (image === undefined) return undefined;
    const findings = await findFindings(database.query, image.id);
    const corrections = await findCorrections(database.query, image.id);
    const wanted = correctFindings(bestOfEach(findings), corrections).filter(
      ({ confidence }) => confidence > minimumConfidence,
    );
    const given = new Set(findings.filter((finding) => finding.given).map(({ tag }) => tag));
    for (const { tag } of corrections) given.add(tag);
    if (wanted.some(({ tag }) => !given.has(tag))) {
      await database.transaction((transaction) => giveTags(transaction, image, wanted, minimumConfidence));
    }
    const tags = wanted.map(({ tag, confidence }) => ({ tag, confidence }));
    const source = findings.find(({ tagger }) => tagger !== fileTagger) ?? findings[0] ?? noSource;
    return { image, tags, source, isNew: false };
  };

  const storeNew = async (bytes: Buffer, sha256: string, options: StorePictureOptions, claim?: UploadClaim) => {
    const { minimumConfidence, signal } = options;
    const format = formatOf(bytes);
    if (format === 'heic' && !takesHeic) throw heicIsOff();
    const now = clock();
    const place = { path: freshPath(now, format), date: toTableDate(now) };
    const lookAt = async () => {
      const picture = await decoding(() => readPicture(bytes, { maximumPixels, previewEdge }));
      const looks = await looksOf(picture);
      // Pixels that were billed are not billed again, whatever else is in the file.
      const known = claims === undefined ? undefined : await findTaggingsOfPixels(database.query, looks.pixels);
      return { picture, looks, found: known ?? (await tagger.tag(picture, signal)) };
    };
    // Decoding leaves a core to the put, which a run of the tagger would not.
    const [{ picture, looks, found }] = await bothOrUndo(
      lookAt(),
      objects.put(place.path, bytes, { contentType: contentTypes[format], signal }),
      () => objects.delete(place.path),
    );
    const taggings = [taggingOfFile(picture.metadata), ...found.taggings];
    const recorded = await tagNames.record(taggings);
    const duplicateOf = await findAlike(database.query, looks);
    try {
      return await database.transaction(async (transaction) => {
        const image = await insertImage(transaction, { picture, sha256 }, place, recorded, minimumConfidence);
        const tags = mergeFindings(taggings).filter(({ confidence }) => confidence > minimumConfidence);
        const stored: StoredPicture = { image, tags, source: found.taggings[0] ?? noSource, isNew: true };
        await insertLooks(transaction, image.id, looks, duplicateOf);
        await awaitTaggers(transaction, image.id, found.missing, minimumConfidence);
        if (options.isAnnounced !== false) await announce(transaction, stored);
        await claim?.release(transaction);
        return stored;
      });
    } catch (error) {
      // Another process was faster: there were no claims, or it took this one's over, as if it were dead. After any other failure the row
      // may be there all the same: the file stays.
      if (!isUniqueViolation(error)) throw error;
      await objects.delete(place.path);
      const existing = await findExisting(sha256, minimumConfidence);
      if (existing === undefined) throw error;
      return existing;
    }
  };

  const storeOnce = async (bytes: Buffer, sha256: string, options: StorePictureOptions): Promise<StoredPicture> => {
    for (;;) {
      const existing = await findExisting(sha256, options.minimumConfidence);
      if (existing !== undefined) return existing;
      if (claims === undefined) return storeNew(bytes, sha256, options);
      const claim = await claims.take(sha256);
      if (claim !== undefined) {
        try {
          // Whoever had the claim before may have released it, with the image, after the look above.
          const sinceThen = await findExisting(sha256, options.minimumConfidence);
          return sinceThen ?? (await storeNew(bytes, sha256, options, claim));
        } finally {
          await claim.end();
        }
      }
      await delay(lookAgainMs);
      options.signal.throwIfAborted();
    }
  };

  return async (bytes, options) => {
    if (bytes.length === 0) throw new ServiceError(400, 'images.empty_file', 'The file is empty.');
    if (bytes.length > maximumBytes) {
      throw new ServiceError(
        413,
        'images.too_large',
        `The file is larger than ${maximumBytes} bytes (IMAGES_MAXIMUM_FILE_SIZE).`,
        {
          details: { maximum_bytes: maximumBytes },
        },
      );
    }
    const sha256 = await sha256OfAny(bytes as Buffer<ArrayBuffer>);
    return oneAtATime(sha256, () => storeOnce(bytes, sha256, options));
  };
};
