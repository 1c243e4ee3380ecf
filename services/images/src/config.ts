import { StringEnum } from '@vindima/contracts';
import { Secret, UpstreamUrl } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

/** The variables of this service, besides those of every service. */
export const ImagesConfig = Type.Object({
  IMAGES_STORE_URL: Type.Optional(
    Type.String({
      description: "where photographs are kept, like OBJECT_STORE_URL; default: in the platform's object store",
    }),
  ),
  TAGGER: Type.Optional(
    StringEnum(['local', 'imagga', 'imagga,local', 'local,imagga', 'imagga+local', 'local+imagga'], {
      description:
        'who tags; of two between a comma the second steps in when the first cannot, with a plus both tag. Default: imagga,local with credentials, else local',
    }),
  ),
  TAGGER_MODEL: Type.Optional(
    Type.String({
      description:
        "the local tagger's models: descriptions of ONNX classifiers between commas, centernet among them or not; default: centernet",
    }),
  ),
  TAGGER_THREADS: Type.Optional(Type.Integer({ minimum: 1, maximum: 256, description: 'default: one per core' })),
  IMAGGA_URL: UpstreamUrl('the Imagga API, up to /v2'),
  IMAGGA_API_KEY: Type.Optional(Secret()),
  IMAGGA_API_SECRET: Type.Optional(Secret()),
  IMAGEKIT_UPLOAD_URL: UpstreamUrl('where ImageKit takes files'),
  IMAGEKIT_API_URL: UpstreamUrl('the ImageKit API, up to /v1'),
  IMAGEKIT_PRIVATE_KEY: Type.Optional(Secret()),
  CREDENTIALS_FILE: Type.Optional(
    Type.String({ description: 'a JSON file with the credentials that are not set here' }),
  ),
  TAGGER_TIMEOUT_SECONDS: Type.Number({
    default: 20,
    minimum: 0.1,
    maximum: 300,
    description: 'for one answer of Imagga or ImageKit',
  }),
  MAXIMUM_FILE_BYTES: Type.Integer({ default: 20 * 1024 * 1024, minimum: 1024, description: 'of an uploaded file' }),
  MAXIMUM_PIXELS: Type.Integer({ default: 50_000_000, minimum: 1, description: 'of a picture' }),
  ALLOW_PRIVATE_ADDRESSES: Type.Boolean({
    default: false,
    description: "whether an upload's url may be in a private network, or this machine",
  }),
  SWEEP_SCHEDULE: Type.String({
    default: '17 * * * *',
    description: 'cron, UTC, when files that no image has are removed; off for never',
  }),
});
export type ImagesConfig = Static<typeof ImagesConfig>;
