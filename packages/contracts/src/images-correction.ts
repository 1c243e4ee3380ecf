import { type Static, Type } from 'typebox';
import { Timestamp } from './schema.ts';

/** What the owner says of a tag: kept apart from what was found, and stronger. */
export const ImageCorrection = Type.Object(
  {
    tag: Type.String(),
    is_right: Type.Boolean({ description: 'False: the image does not show it' }),
    by: Type.String(),
    at: Timestamp,
  },
  { title: 'ImageCorrection' },
);
export type ImageCorrection = Static<typeof ImageCorrection>;
