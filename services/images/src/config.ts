import { StringEnum } from '@vindima/contracts';
import { Duration, Secret, Size, UpstreamUrl } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

/** The variables of this service, besides those of every service. */
export const ImagesConfig = Type.Object({
  IMAGES_STORE_URL: Type.Optional(
    Type.String({
      description: "where photographs are kept, like OBJECT_STORE_URL; default: in the platform's object store",
    }),
  ),
  IMAGES_TAGGER: Type.Optional(
    StringEnum(['local', 'imagga', 'imagga,local', 'local,imagga', 'imagga+local', 'local+imagga'], {
      formerly: 'TAGGER',
      description:
        'who tags; of two between a comma the second steps in when the first cannot, with a plus both tag. Default: imagga,local with credentials, else local',
    }),
  ),
  IMAGES_TAGGER_MODEL: Type.Optional(
    Type.String({
      formerly: 'TAGGER_MODEL',
      description:
        "the local tagger's models: descriptions of ONNX classifiers between commas, centernet among them or not; default: centernet",
    }),
  ),
  IMAGES_TAGGER_THREADS: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 256, formerly: 'TAGGER_THREADS', description: 'default: one per core' }),
  ),
  IMAGES_TAG_NAMES: Type.Optional(Type.String({ description: 'a CSV file with further names of tags: en,pt,es' })),
  IMAGGA_URL: UpstreamUrl('the Imagga API, up to /v2'),
  IMAGGA_SIZE: Type.Integer({
    default: 1024,
    minimum: 64,
    maximum: 8192,
    description: 'the longer side of the preview that Imagga gets, in pixels; it has no metadata',
  }),
  IMAGGA_API_KEY: Type.Optional(Secret()),
  IMAGGA_API_SECRET: Type.Optional(Secret()),
  IMAGEKIT_UPLOAD_URL: UpstreamUrl('where ImageKit takes files'),
  IMAGEKIT_API_URL: UpstreamUrl('the ImageKit API, up to /v1'),
  IMAGEKIT_PRIVATE_KEY: Type.Optional(Secret()),
  CREDENTIALS_FILE: Type.Optional(
    Type.String({ description: 'a JSON file with the credentials that are not set here' }),
  ),
  IMAGES_TAGGER_TIMEOUT: Duration({
    default: '20s',
    minimum: '100ms',
    maximum: '5m',
    formerly: 'TAGGER_TIMEOUT_SECONDS',
    description: 'for one answer of Imagga or ImageKit',
  }),
  IMAGES_MAXIMUM_FILE_SIZE: Size({
    default: '20MiB',
    minimum: '1KiB',
    formerly: 'MAXIMUM_FILE_BYTES',
    description: 'of an uploaded file',
  }),
  IMAGES_MAXIMUM_PIXELS: Type.Integer({
    default: 50_000_000,
    minimum: 1,
    formerly: 'MAXIMUM_PIXELS',
    description: 'of a picture',
  }),
  IMAGES_HEIC: Type.Boolean({ default: true, description: 'whether HEIC pictures are decoded (libheif, in a worker)' }),
  IMAGES_ALLOW_PRIVATE_ADDRESSES: Type.Boolean({
    default: false,
    formerly: 'ALLOW_PRIVATE_ADDRESSES',
    description: "whether an upload's url may be in a private network, or this machine",
  }),
  IMAGES_SWEEP_SCHEDULE: Type.String({
    formerly: 'SWEEP_SCHEDULE',
    default: '17 * * * *',
    description: 'cron, UTC, when files that no image has are removed; off for never',
  }),
});
export type ImagesConfig = Static<typeof ImagesConfig>;
