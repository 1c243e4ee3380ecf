import { type Static, Type } from 'typebox';
import { Nullable } from './schema.ts';

/** What the file of an image says of itself: EXIF, IPTC and XMP. Whatever it leaves out is null. */
export const ImageMetadata = Type.Object(
  {
    title: Nullable(Type.String()),
    caption: Nullable(Type.String()),
    keywords: Type.Array(Type.String(), { description: 'Tags of the source `file`' }),
    taken_at: Nullable(Type.String({ description: 'YYYY-MM-DD HH:MM:SS on the clock of the place' })),
    taken_zone: Nullable(Type.String({ description: 'Of that clock, as in +02:00; null where the file does not say' })),
    camera: Nullable(Type.String({ description: 'Make and model' })),
    lens: Nullable(Type.String()),
    latitude: Nullable(Type.Number({ description: 'Degrees, north positive (WGS 84)' })),
    longitude: Nullable(Type.Number({ description: 'Degrees, east positive' })),
    orientation: Nullable(Type.Integer({ description: 'EXIF, 1 to 8; pictures are shown upright' })),
  },
  { title: 'ImageMetadata' },
);
export type ImageMetadata = Static<typeof ImageMetadata>;

/** Filters by what files say. */
export const MetadataFilters = {
  taken_from: Type.Optional(
    Type.String({
      maxLength: 30,
      description: 'Taken then or later, on the clock of the place: YYYY-MM-DD HH:MM:SS or YYYY-MM-DD',
    }),
  ),
  taken_to: Type.Optional(
    Type.String({ maxLength: 30, description: 'The same; taken then (a date: on this day) or earlier' }),
  ),
  near: Type.Optional(
    Type.String({ maxLength: 60, description: 'Taken around a place: latitude,longitude,kilometres' }),
  ),
  camera: Type.Optional(
    Type.String({ maxLength: 100, description: 'Taken with a camera whose make and model contain this text' }),
  ),
};
