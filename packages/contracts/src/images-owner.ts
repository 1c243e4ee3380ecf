import { type Static, Type } from 'typebox';
import { ImageParams, ImageSearchQuery, TaggerName } from './images.ts';
import { Nullable } from './schema.ts';

/** Longest tag that is kept as it is. */
const TagText = Type.String({ minLength: 1, maxLength: 100 });

export const ImageTagParams = Type.Object({
  ...ImageParams.properties,
  tag: Type.String({ minLength: 1, maxLength: 400, description: 'The tag' }),
});

const { limit: _limit, cursor: _cursor, order: _order, lang: _lang, ...searchable } = ImageSearchQuery.properties;

/** The filters of `GET /images`, without pages. */
export const ImageSelection = Type.Object(searchable, { title: 'ImageSelection', additionalProperties: false });
export type ImageSelection = Static<typeof ImageSelection>;

export const ImageRetag = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 10_000 })),
    search: Type.Optional(ImageSelection),
    taggers: Type.Optional(
      Type.Array(TaggerName, {
        minItems: 1,
        description: 'Only these of those that add up. Default: as for an upload',
      }),
    ),
    min_confidence: Type.Optional(
      Type.Number({ minimum: 0, maximum: 100, default: 80, description: 'Tags are given above this confidence' }),
    ),
  },
  { title: 'ImageRetag', additionalProperties: false, description: 'Either ids or a search; {} as search is all' },
);
export type ImageRetag = Static<typeof ImageRetag>;

/** An image whose tags somebody has corrected, for training. */
export const TrainingImage = Type.Object(
  {
    id: Type.Integer(),
    sha256: Type.String(),
    file: Type.String({ description: 'Where its file is' }),
    labels: Type.Array(Type.String(), { description: 'What it shows: all its tags' }),
    confirmed: Type.Array(Type.String(), { description: 'Those that somebody gave or confirmed' }),
    wrong: Type.Array(Type.String(), { description: 'What somebody said it does not show' }),
  },
  { title: 'TrainingImage' },
);

const Count = Type.Integer({ description: 'Images' });

export const ImageFacets = Type.Object(
  {
    tags: Type.Array(Type.Object({ tag: Type.String(), n_images: Count })),
    years: Type.Array(Type.Object({ year: Type.Integer(), n_images: Count }), {
      description: 'Taken, or uploaded where the file does not say',
    }),
    cameras: Type.Array(Type.Object({ camera: Type.String(), n_images: Count })),
  },
  { title: 'ImageFacets' },
);
export type ImageFacets = Static<typeof ImageFacets>;

export const ImageBulk = Type.Object(
  {
    search: ImageSelection,
    count: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'How many images that is; without it nothing is done, and they are counted',
      }),
    ),
    delete: Type.Optional(Type.Boolean({ description: 'Removes them' })),
    add: Type.Optional(Type.Array(TagText, { maxItems: 50, description: 'Tags that they show' })),
    remove: Type.Optional(Type.Array(TagText, { maxItems: 50, description: 'Tags that they do not show' })),
  },
  { title: 'ImageBulk', additionalProperties: false },
);

export const ImageBulkResult = Type.Object(
  { count: Type.Integer({ description: 'Images that were found' }), is_done: Type.Boolean() },
  { title: 'ImageBulkResult' },
);

export const AlbumParams = Type.Object({
  album: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: 'The id of the album' }),
});
export const AlbumImageParams = Type.Object({ ...AlbumParams.properties, ...ImageParams.properties });
export const NewAlbum = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200, description: 'Its name' }) },
  { title: 'NewAlbum', additionalProperties: false },
);
export const Album = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    n_images: Count,
    cover: Nullable(Type.Integer({ description: 'An image of it' })),
  },
  { title: 'Album' },
);
export type Album = Static<typeof Album>;
