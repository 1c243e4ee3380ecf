import { type Static, Type } from 'typebox';
import { ImageCorrection } from './images-correction.ts';
import { ImageMetadata, MetadataFilters } from './images-metadata.ts';
import { defineCommand, defineEvent } from './messages.ts';
import { Page } from './pagination.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

/** Dates as the existing clients of this service know them: UTC, without a zone. */
const ImageDate = Type.String({ examples: ['2026-05-09 16:00:00'], description: 'YYYY-MM-DD HH:MM:SS, UTC' });

const Confidence = Type.Number({
  minimum: 0,
  maximum: 100,
  description: 'Of the tags given at 80, about 80 % are right',
});

const MinimumConfidence = Type.Number({
  minimum: 0,
  maximum: 100,
  default: 80,
  description: 'Only tags with a confidence above this are given',
});

export const ImageTag = Type.Object(
  { tag: Type.String({ examples: ['dog'] }), confidence: Confidence },
  { title: 'ImageTag' },
);
export type ImageTag = Static<typeof ImageTag>;

/** An image as lists show it. */
export const Image = Type.Object(
  {
    id: Type.Integer(),
    size: Type.Number({ description: 'KB (1024 bytes)' }),
    date: ImageDate,
    tags: Type.Array(ImageTag, { description: 'By descending confidence' }),
  },
  { title: 'Image' },
);
export type Image = Static<typeof Image>;

/** An image with its file. */
export const ImageWithData = Type.Object(
  {
    ...Image.properties,
    data: Type.String({ description: 'The file, base64' }),
  },
  { title: 'ImageWithData' },
);
export type ImageWithData = Static<typeof ImageWithData>;

export const ImageUploadQuery = Type.Object(
  { min_confidence: Type.Optional(MinimumConfidence) },
  { additionalProperties: true },
);

/** An upload as JSON; the file itself as multipart or as the body is taken too. */
export const ImageUpload = Type.Object(
  {
    data: Type.Optional(Type.String({ description: 'The file, base64 (a data: URL is taken too)' })),
    url: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Where to fetch the file: http or https, public addresses only' }),
    ),
  },
  { title: 'ImageUpload' },
);
export type ImageUpload = Static<typeof ImageUpload>;

const DateRange = {
  min_date: Type.Optional(
    Type.String({ maxLength: 30, description: 'YYYY-MM-DD HH:MM:SS or YYYY-MM-DD; images of this time or later' }),
  ),
  max_date: Type.Optional(
    Type.String({ maxLength: 30, description: 'The same; images of this time (a date: of this day) or earlier' }),
  ),
};

/** Of the names of tags in an answer. */
export const TagLanguage = Type.Optional(
  StringEnum(['en', 'pt', 'es'], { description: 'Names of tags, where they are known, in this language' }),
);

const TagList = (description: string) => Type.Optional(Type.String({ maxLength: 2000, description }));

export const ImageSearchQuery = Type.Object(
  {
    ...DateRange,
    tags: TagList('Separated by commas: images that have all of them'),
    any: TagList('Separated by commas: images that have at least one of them'),
    none: TagList('Separated by commas: images that have none of them'),
    min_confidence: Type.Optional(
      Type.Number({ minimum: 0, maximum: 100, description: 'Tags asked for count from this confidence on' }),
    ),
    text: Type.Optional(Type.String({ maxLength: 100, description: 'Images with a tag that contains this text' })),
    ...MetadataFilters,
    album: Type.Optional(Type.Integer({ minimum: 1, description: 'Images of this album' })),
    order: Type.Optional(
      StringEnum(['oldest', 'newest', 'taken', 'newest_taken'], {
        description:
          'By the date of the upload, or by when they were taken (uploaded, where the file does not say). Default: oldest',
      }),
    ),
    lang: TagLanguage,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Asks for a page instead of a bare array' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor of the page before' })),
  },
  { additionalProperties: true },
);
export type ImageSearchQuery = Static<typeof ImageSearchQuery>;

/** With `limit` or `cursor` a page, else the bare array that existing clients expect. */
export const ImageSearchResult = Type.Union([Type.Array(Image), Page(Image)], { title: 'ImageSearchResult' });

/** MySQL's INT: a larger number is no id. */
export const ImageParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: 'The id of the image' }),
});

export const TagStatisticsQuery = Type.Object({ ...DateRange, lang: TagLanguage }, { additionalProperties: true });

export const TagStatistics = Type.Object(
  {
    tag: Type.String(),
    n_images: Type.Integer(),
    min_confidence: Confidence,
    max_confidence: Confidence,
    mean_confidence: Confidence,
  },
  { title: 'TagStatistics' },
);
export type TagStatistics = Static<typeof TagStatistics>;

/** Everything that was found in an image, also below the confidence that was asked for, and where it came from. */
export const ImageFinding = Type.Object(
  {
    ...ImageTag.properties,
    given: Type.Boolean({ description: 'Whether it is one of the tags of the image' }),
    tagger: Type.String({ examples: ['local'] }),
    model: Type.String(),
    version: Type.String(),
  },
  { title: 'ImageFinding' },
);
export type ImageFinding = Static<typeof ImageFinding>;

export const ImageDetails = Type.Object(
  {
    id: Type.Integer(),
    date: ImageDate,
    sha256: Type.String(),
    format: Type.String(),
    width: Type.Integer(),
    height: Type.Integer(),
    bytes: Type.Integer(),
    metadata: Nullable(ImageMetadata),
    duplicate_of: Nullable(Type.Integer({ description: 'An earlier image that looks the same' })),
    corrections: Type.Array(ImageCorrection),
    awaits: Type.Array(Type.String(), { description: 'Taggers that could not look yet, and are asked again' }),
    findings: Type.Array(ImageFinding),
  },
  { title: 'ImageDetails' },
);
export type ImageDetails = Static<typeof ImageDetails>;

/** One picture of a batch: its bytes, or where they are. */
export const ImageBatch = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        name: Type.Optional(Type.String({ maxLength: 200, description: 'For the result; default: its number' })),
        data: Type.Optional(Type.String({ description: 'The file, base64 (a data: URL is taken too)' })),
        url: Type.Optional(
          Type.String({ description: 'Or where to fetch it: http or https, public addresses only, 2000 characters' }),
        ),
      }),
      // What is wrong with one of them is said in the result, and keeps none of the others back.
      { minItems: 1, maxItems: 1000 },
    ),
  },
  { title: 'ImageBatch' },
);
export type ImageBatch = Static<typeof ImageBatch>;

/** What became of one picture of a batch. */
export const ImageBatchItemResult = Type.Object({
  name: Type.String(),
  id: Nullable(Type.Integer()),
  tags: Type.Array(ImageTag),
  error: Nullable(Type.Object({ code: Type.String(), error: Type.String() })),
});
export type ImageBatchItemResult = Static<typeof ImageBatchItemResult>;

const Source = {
  object_key: Type.Optional(
    Type.String({ maxLength: 900, description: 'A file in the object store; it stays where it is' }),
  ),
  url: Type.Optional(Type.String({ maxLength: 2000, description: 'Or where to fetch it: public addresses only' })),
};

const Reference = Type.Optional(
  Type.String({ maxLength: 200, description: "The sender's own; comes back in the event" }),
);

export const imagesCommands = {
  tag: defineCommand({
    service: 'images',
    name: 'tag',
    summary: 'Stores and tags a picture',
    payload: Type.Object({ ...Source, min_confidence: Type.Optional(MinimumConfidence), reference: Reference }),
  }),
} as const;

export const imagesEvents = {
  tagged: defineEvent({
    service: 'images',
    name: 'tagged',
    summary: 'A picture was stored and tagged',
    payload: Type.Object({
      id: Type.Integer(),
      sha256: Type.String(),
      date: Timestamp,
      tags: Type.Array(ImageTag),
      tagger: Type.String(),
      model: Type.String(),
      version: Type.String(),
      is_new: Type.Boolean({ description: 'False when the same file had been stored before' }),
      reference: Reference,
    }),
  }),
  failed: defineEvent({
    service: 'images',
    name: 'failed',
    summary: 'A picture that a command named could not be stored or tagged',
    payload: Type.Object({ ...Source, code: Type.String(), error: Type.String(), reference: Reference }),
  }),
  deleted: defineEvent({
    service: 'images',
    name: 'deleted',
    summary: 'An image, its tags and its file were removed',
    payload: Type.Object({ id: Type.Integer(), sha256: Type.String() }),
  }),
} as const;

export const taggerNames = ['local', 'imagga'] as const;
export const TaggerName = StringEnum(taggerNames);
