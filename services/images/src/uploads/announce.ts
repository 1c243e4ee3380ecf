import type { imagesEvents, PayloadOf } from '@vindima/contracts';
import type { StoredPicture } from './store-picture.ts';

/** The event of a stored picture. */
export const taggedEvent = (
  { image, tags, source, isNew }: StoredPicture,
  reference?: string,
): PayloadOf<typeof imagesEvents.tagged> => ({
  id: image.id,
  sha256: image.sha256,
  date: `${image.date.replace(' ', 'T')}.000Z`,
  tags: tags.map(({ tag, confidence }) => ({ tag, confidence })),
  tagger: source.tagger,
  model: source.model,
  version: source.version,
  is_new: isNew,
  ...(reference === undefined ? {} : { reference }),
});
