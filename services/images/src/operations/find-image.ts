import { ServiceError } from '@vindima/contracts';
import type { ObjectStore } from '@vindima/object-store';
import type { Kysely } from 'kysely';
import { findImage, type StoredImage } from '../db/pictures.ts';
import type { ImagesTables } from '../db/tables.ts';

export const unknownImage = (id: number) =>
  new ServiceError(404, 'images.unknown_image', `There is no image ${id}.`, { details: { id } });

/** @throws 404 `images.unknown_image` */
export const requireImage = async (query: Kysely<ImagesTables>, id: number): Promise<StoredImage> => {
  const image = await findImage(query, id);
  if (image === undefined) throw unknownImage(id);
  return image;
};

/** The error of a row whose file somebody took away from the folder. */
export const missingFile = ({ id }: StoredImage, cause: unknown) =>
  new ServiceError(410, 'images.missing_file', `The file of image ${id} is no longer in the object store.`, {
    details: { id },
    cause,
  });

/** @throws 410 `images.missing_file` */
export const readFile = async (objects: ObjectStore, image: StoredImage): Promise<Buffer> => {
  try {
    return await objects.get(image.path);
  } catch (error) {
    throw error instanceof ServiceError && error.status === 404 ? missingFile(image, error) : error;
  }
};
