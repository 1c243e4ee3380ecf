import { type ImageCorrection, imagesOperations, ServiceError } from '@vindima/contracts';
import { callerOf, implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { correctTag } from '../db/corrections.ts';
import { normalizeTag } from '../tagging/tag-text.ts';
import { requireImage } from './find-image.ts';

/** A tag as somebody writes it. @throws 400 `images.invalid_tag` */
export const readTag = (text: string): string => {
  const tag = normalizeTag(text);
  // A comma could not be asked for: it stands between tags.
  if (tag !== '' && !tag.includes(',')) return tag;
  throw new ServiceError(400, 'images.invalid_tag', 'A tag is a text without commas.', { details: { tag: text } });
};

/** Says that an image shows something, or does not. */
export const correctTags = (context: ImagesContext) => {
  const { clock, database } = context;
  for (const operation of [imagesOperations.putTag, imagesOperations.deleteTag]) {
    implement(context, operation, async (request): Promise<ImageCorrection> => {
      const correction = {
        tag: readTag(request.params.tag),
        is_right: operation.method === 'PUT',
        by: callerOf(request).name,
        at: clock().toISOString(),
      };
      const image = await requireImage(database.query, request.params.id);
      await database.transaction((transaction) => correctTag(transaction, image, correction));
      return correction;
    });
  }
};
