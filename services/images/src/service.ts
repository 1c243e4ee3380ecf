import { imagesEvents, ServiceError, services } from '@vindima/contracts';
import { openObjectStore } from '@vindima/object-store';
import { ConfigurationError, defineService, type ServiceContext, s3Credentials } from '@vindima/service-kit';
import { ImagesConfig } from './config.ts';
import type { ImagesContext } from './context.ts';
import { imagesMigrations } from './db/migrations.ts';
import { createRemoteCopies } from './db/remote-copies.ts';
import type { ImagesTables } from './db/tables.ts';
import { createTagNames } from './db/tag-names.ts';
import { createUploadClaims } from './db/upload-claims.ts';
import { createPictureFetcher } from './fetching/fetch-picture.ts';
import { defineBatchJob } from './jobs/batch.ts';
import { scheduleCompletion } from './jobs/complete.ts';
import { defineRetagJob } from './jobs/retag.ts';
import { scheduleSweeps } from './jobs/sweep.ts';
import { defineTagJob } from './jobs/tag.ts';
import { handleTag } from './messages/tag.ts';
import { readTagNames } from './names/tag-names.ts';
import { albums } from './operations/albums.ts';
import { registerBodyParsers } from './operations/body-parsers.ts';
import { bulk } from './operations/bulk.ts';
import { correctTags } from './operations/correct-tag.ts';
import { deleteImage } from './operations/delete.ts';
import { getImage } from './operations/get.ts';
import { getDetails } from './operations/get-details.ts';
import { getFacets } from './operations/get-facets.ts';
import { getFile } from './operations/get-file.ts';
import { getThumbnail } from './operations/get-thumbnail.ts';
import { getTrainingSet } from './operations/get-training-set.ts';
import { listImages } from './operations/list.ts';
import { listTags } from './operations/list-tags.ts';
import { retag } from './operations/retag.ts';
import { upload } from './operations/upload.ts';
import { uploadBatch } from './operations/upload-batch.ts';
import { createTagger } from './tagging/create-tagger.ts';
import { taggedEvent } from './uploads/announce.ts';
import { createPictureStore } from './uploads/store-picture.ts';

/** Photographs in, tags out, everything findable. */
export const images = defineService({
  name: 'images',
  ...services.images,
  databaseName: 'Pictures',
  config: ImagesConfig,
  migrations: imagesMigrations,
  ownTables: {
    names: ['pictures', 'tags'],
    advice:
      'Give the service a database of its own (DATABASE_URL) and take the old one over: npm run images -- adopt --database mysql://... --files FOLDER.',
  },
  async compose(kit: ServiceContext<ImagesConfig, ImagesTables>) {
    const { app, config, clock, database, http, logger, messages, objects: lake, onStop } = kit;
    const objects = await openStore(kit);
    const copies = createRemoteCopies(database.query, clock);
    const { tagger, imageKit } = await createTagger({ config, http, copies, logger });
    onStop(() => tagger.close());
    const fetcher = createPictureFetcher({
      maximumBytes: config.IMAGES_MAXIMUM_FILE_SIZE,
      allowPrivateAddresses: config.IMAGES_ALLOW_PRIVATE_ADDRESSES,
    });
    onStop(() => fetcher.close());
    const claims = createUploadClaims(database, clock, logger);
    const tagNames = createTagNames(database.query);
    const storePicture = createPictureStore({
      database,
      objects,
      tagger,
      tagNames,
      // The local tagger alone costs nothing but its time, and a claim would cost every upload two more commits.
      claims: imageKit === undefined ? undefined : claims,
      clock,
      maximumBytes: config.IMAGES_MAXIMUM_FILE_SIZE,
      maximumPixels: config.IMAGES_MAXIMUM_PIXELS,
      takesHeic: config.IMAGES_HEIC,
      announce: async (transaction, stored) => {
        await messages.send(transaction, imagesEvents.tagged, taggedEvent(stored));
      },
    });
    const names = await readTagNames(config.IMAGES_TAG_NAMES);
    const context: ImagesContext = { ...kit, objects, lake, storePicture, fetcher, tagNames: names };
    await registerBodyParsers(app, config.IMAGES_MAXIMUM_FILE_SIZE);
    upload(context);
    uploadBatch(context, defineBatchJob(context));
    listImages(context);
    listTags(context);
    getImage(context);
    getDetails(context);
    getFile(context);
    getThumbnail(context);
    deleteImage(context);
    correctTags(context);
    retag(context, defineRetagJob(context, { tagger, tagNames }), tagger);
    getTrainingSet(context);
    getFacets(context);
    bulk(context);
    albums(context);
    await handleTag(context, defineTagJob(context));
    scheduleCompletion(context, { tagger, tagNames });
    scheduleSweeps(context, { imageKit, copies, claims });
  },
});

/** Opens the store of the photographs, which is the platform's unless it has an address of its own. */
const openStore = async ({
  addHealthCheck,
  config,
  logger,
  objects,
  onStop,
}: ServiceContext<ImagesConfig, ImagesTables>) => {
  if (config.IMAGES_STORE_URL === undefined) return objects;
  const options = { logger, ...s3Credentials(config) };
  const store = await openObjectStore(config.IMAGES_STORE_URL, options).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    throw new ConfigurationError(`IMAGES_STORE_URL: ${error.message}`, { cause: error });
  });
  onStop(() => store.close());
  addHealthCheck('pictures', () => store.check());
  return store;
};
