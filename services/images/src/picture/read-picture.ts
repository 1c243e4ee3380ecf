import { type ImageMetadata, ServiceError } from '@vindima/contracts';
import { readMetadata } from '../metadata/read-metadata.ts';
import { decodePicture } from './decoder.ts';
import { detectFormat, type ImageFormat, imageFormats } from './image-format.ts';
import { isWhole } from './is-whole.ts';

/** Decoded pixels: RGB, 8 bits each, row by row from the top left. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** A picture that was decoded to its end, so that everything behind the guard can rely on it. */
export interface Picture {
  /** The file as it came. */
  readonly bytes: Buffer;
  readonly format: ImageFormat;
  /** As shown: after the EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** The picture upright, on white where it is transparent, and no larger than was asked for: what taggers look at. */
  readonly preview: Pixels;
  /** What its file says of itself. */
  readonly metadata: ImageMetadata;
}

export interface ReadPictureOptions {
  readonly maximumPixels: number;
  /** The longer side of the preview, in pixels; smaller pictures stay as they are. */
  readonly previewEdge: number;
}

const broken = (cause: unknown) =>
  new ServiceError(422, 'images.broken_picture', 'The picture is broken or cut short: it cannot be decoded.', {
    cause,
  });

const tooManyPixels = (maximumPixels: number) =>
  new ServiceError(
    413,
    'images.too_many_pixels',
    `The picture has more than ${maximumPixels} pixels (IMAGES_MAXIMUM_PIXELS).`,
    {
      details: { maximum_pixels: maximumPixels },
    },
  );

const isPixelLimit = (error: unknown): boolean => error instanceof Error && error.message.includes('pixel limit');

/** What a decoder says of an encoding that it was made without: the picture may be whole. */
const isUnsupported = (error: unknown): error is Error =>
  error instanceof Error && /not (configured|supported|been built in)|not implemented/i.test(error.message);

const unsupported = (error: Error) =>
  new ServiceError(
    415,
    'images.unsupported_encoding',
    `The picture is encoded in a way that cannot be read here: ${error.message.split('\n', 1)[0]?.slice(0, 200)}.`,
    { cause: error },
  );

/** What a caller is told of a picture that could not be decoded. */
export const asPictureError = (error: unknown, maximumPixels: number): ServiceError =>
  isPixelLimit(error) ? tooManyPixels(maximumPixels) : isUnsupported(error) ? unsupported(error) : broken(error);

/** Decides by content what a file is. @throws ServiceError 415 `images.unsupported_format` */
export const formatOf = (bytes: Buffer): ImageFormat => {
  const format = detectFormat(bytes);
  if (format !== undefined) return format;
  throw new ServiceError(
    415,
    'images.unsupported_format',
    `The file is no picture that can be taken; ${imageFormats.join(', ').toUpperCase()} are.`,
  );
};

/**
 * The guard: takes no other formats than those known, bounds a picture's pixels before decoding, and decodes it once, completely.
 *
 * @throws ServiceError 415 `images.unsupported_format`, 413 `images.too_many_pixels`, 422 `images.broken_picture`
 */
export const readPicture = async (
  bytes: Buffer,
  { maximumPixels, previewEdge }: ReadPictureOptions,
): Promise<Picture> => {
  const format = formatOf(bytes);
  if (!isWhole(bytes, format)) throw broken(undefined);
  try {
    const [{ data, info }, { autoOrient, xmp }] = await decodePicture(bytes, format, maximumPixels, (picture) =>
      Promise.all([
        picture
          .clone()
          .autoOrient()
          .toColourspace('srgb')
          .flatten({ background: 'white' })
          .resize(previewEdge, previewEdge, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
          .raw({ depth: 'uchar' })
          .toBuffer({ resolveWithObject: true }),
        picture.metadata(),
      ]),
    );
    const preview = { data, width: info.width, height: info.height };
    return { bytes, format, ...autoOrient, preview, metadata: readMetadata(bytes, xmp?.length) };
  } catch (error) {
    throw asPictureError(error, maximumPixels);
  }
};
