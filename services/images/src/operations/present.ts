import type { Image, ImageTag } from '@vindima/contracts';
import type { FastifyReply } from 'fastify';
import type { Kysely } from 'kysely';
import type { ImagesContext } from '../context.ts';
import { findTags } from '../db/findings.ts';
import type { StoredImage } from '../db/pictures.ts';
import type { ImagesTables } from '../db/tables.ts';
import type { TagLanguage } from '../names/tag-names.ts';

/** An image as existing clients know it. */
export const toImage = ({ id, bytes, date }: StoredImage, tags: readonly ImageTag[]): Image => ({
  id,
  size: Math.round((bytes / 1024) * 100) / 100,
  date,
  tags: tags.map(({ tag, confidence }) => ({ tag, confidence })),
});

/** Answers an `ImageWithData`. As base64 the file has nothing to escape, so it need not go through a serializer, which looks at every character. */
export const sendWithData = (reply: FastifyReply, image: Image, bytes: Buffer): FastifyReply => {
  const beginning = Buffer.from(`${JSON.stringify(image).slice(0, -1)},"data":"`);
  const body = Buffer.allocUnsafe(beginning.length + Math.ceil(bytes.length / 3) * 4 + 2);
  const start = beginning.copy(body);
  const end = start + body.write(bytes.toString('base64'), start, 'latin1');
  body.write('"}', end, 'latin1');
  return reply.type('application/json; charset=utf-8').send(body);
};

/** Images with their tags, in the order given. */
export const withTags = async (query: Kysely<ImagesTables>, images: readonly StoredImage[]): Promise<Image[]> => {
  const tags = await findTags(
    query,
    images.map(({ id }) => id),
  );
  return images.map((image) => toImage(image, tags.get(image.id) ?? []));
};

/** Things with a tag, called as a language has it. */
export const inLanguage = <Tagged extends { readonly tag: string }>(
  { tagNames }: Pick<ImagesContext, 'tagNames'>,
  tags: readonly Tagged[],
  language: TagLanguage | undefined,
): Tagged[] => tags.map((tagged) => ({ ...tagged, tag: tagNames.nameOf(tagged.tag, language) }));
