import { Type } from 'typebox';
import {
  ImageBatch,
  ImageDetails,
  ImageParams,
  ImageSearchQuery,
  ImageSearchResult,
  ImageUpload,
  ImageUploadQuery,
  ImageWithData,
  TagStatistics,
  TagStatisticsQuery,
} from './images.ts';
import { Job } from './jobs.ts';
import { JobHeaders } from './jobs-operations.ts';
import { defineOperations, type OperationErrors } from './operations/define-operation.ts';

const reading = { role: 'viewer', scope: 'read' } as const;
const changing = { role: 'editor', scope: 'write' } as const;
const pictures = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff'] as const;
const unknownImage = { 'images.unknown_image': [404, 'There is no such image.'] } satisfies OperationErrors;
const missingFile = {
  'images.missing_file': [410, 'The file of the image is no longer there.'],
} satisfies OperationErrors;
const wrongDate = { 'images.invalid_date': [400, 'A date is none.'] } satisfies OperationErrors;

const uploadErrors = {
  'images.no_picture': [400, 'The request has no picture, or more than one.'],
  'images.malformed_multipart': [400, 'The multipart body is broken or cut short.'],
  'images.empty_file': [400, 'The file is empty.'],
  'images.broken_picture': [422, 'The picture is damaged.'],
  'images.too_many_pixels': [413, 'The picture has more pixels than are taken.'],
  'images.unsupported_format': [415, 'The file is no picture that is taken here.'],
  'images.invalid_url': [400, 'The address is none that can be fetched.'],
  'images.url_not_public': [400, 'The address is not a public one.'],
  'images.url_failed': [502, 'The picture could not be fetched.'],
  'images.url_timeout': [504, 'The picture did not come in time.'],
  'images.tagger_unavailable': [503, 'No tagger can work just now.'],
  'images.too_busy': [503, 'Too many uploads at once; try again in a second.'],
} satisfies OperationErrors;

const upload = {
  method: 'POST',
  tag: 'images',
  summary: 'Store and tag a picture',
  description: 'JPEG, PNG, WebP, GIF, AVIF or TIFF. The same file again answers the image that is there.',
  access: changing,
  query: ImageUploadQuery,
  body: {
    form: { files: { file: { description: 'The picture' } } },
    json: ImageUpload,
    file: [...pictures, 'application/octet-stream'],
    bytes: 'file',
  },
  answers: { 200: { description: 'The image with its tags', json: ImageWithData } },
  errors: uploadErrors,
  examples: { body: { url: 'https://pictures.example/dog.jpg' } },
  legacy: true,
} as const;

const statistics = {
  method: 'GET',
  tag: 'tags',
  summary: 'Statistics of all tags',
  access: reading,
  query: TagStatisticsQuery,
  answers: {
    200: { description: 'A tag each', json: Type.Array(TagStatistics, { title: 'TagStatisticsList' }) },
  },
  errors: wrongDate,
  legacy: true,
} as const;

export const imagesOperations = defineOperations('images', {
  upload: { ...upload, path: '/images' },
  uploadAtTags: { ...upload, path: '/images/tags', summary: 'Store and tag a picture (as existing clients call it)' },
  uploadBatch: {
    method: 'POST',
    path: '/images/batch',
    tag: 'images',
    summary: 'Store and tag many pictures as a job',
    access: changing,
    query: ImageUploadQuery,
    headers: JobHeaders,
    body: {
      form: { files: { files: { description: 'The pictures', many: true } } },
      json: ImageBatch,
      bytes: 'file',
    },
    answers: { 202: { description: 'The job; its result says of each picture what became of it', json: Job } },
    errors: {
      'images.no_picture': [400, 'The request has no picture.'],
      'images.malformed_multipart': [400, 'The multipart body is broken or cut short.'],
      'images.batch_too_large': [413, 'The batch is larger than what is taken.'],
      'images.idempotency_key_reused': [409, 'The Idempotency-Key was used for another request.'],
      'images.too_busy': [503, 'Too many uploads at once; try again in a second.'],
    },
    examples: { body: { items: [{ name: 'dog', url: 'https://pictures.example/dog.jpg' }] } },
    legacy: true,
  },
  list: {
    method: 'GET',
    path: '/images',
    tag: 'images',
    summary: 'Find images by their tags and dates',
    description: 'A bare array; with `limit` or `cursor` a page.',
    access: reading,
    query: ImageSearchQuery,
    answers: { 200: { description: 'The images', json: ImageSearchResult } },
    errors: {
      ...wrongDate,
      'images.invalid_place': [400, 'The place is none.'],
      'images.too_many_tags': [400, 'So many tags cannot be asked for at once.'],
      'images.invalid_cursor': [400, 'The cursor is not one that a page ended with.'],
    },
    legacy: true,
  },
  listTags: { ...statistics, path: '/tags' },
  listTagsOfImages: { ...statistics, path: '/images/tags' },
  get: {
    method: 'GET',
    path: '/images/:id',
    tag: 'images',
    summary: 'One image with its file',
    access: reading,
    params: ImageParams,
    answers: { 200: { description: 'The image', json: ImageWithData } },
    errors: { ...unknownImage, ...missingFile },
    legacy: true,
  },
  getDetails: {
    method: 'GET',
    path: '/images/:id/details',
    tag: 'images',
    summary: 'What is known of an image, with all findings and where they came from',
    access: reading,
    params: ImageParams,
    answers: { 200: { description: 'The image', json: ImageDetails } },
    errors: unknownImage,
  },
  getFile: {
    method: 'GET',
    path: '/images/:id/file',
    tag: 'images',
    summary: 'The file of an image',
    access: reading,
    params: ImageParams,
    answers: {
      200: { description: 'The file as it came', file: pictures },
      304: { description: 'As the `If-None-Match` of the request knows it' },
    },
    errors: { ...unknownImage, ...missingFile },
  },
  getThumbnail: {
    method: 'GET',
    path: '/images/:id/thumbnail',
    tag: 'images',
    summary: 'A small WebP of an image',
    access: reading,
    params: ImageParams,
    query: Type.Object({
      width: Type.Integer({ minimum: 16, maximum: 1024, default: 256, description: 'Pixels, at most' }),
    }),
    answers: {
      200: { description: 'The small picture', file: ['image/webp'] },
      304: { description: 'As the `If-None-Match` of the request knows it' },
    },
    errors: { ...unknownImage, ...missingFile },
  },
  delete: {
    method: 'DELETE',
    path: '/images/:id',
    tag: 'images',
    summary: 'Remove an image, its tags and its file',
    access: changing,
    params: ImageParams,
    answers: { 204: { description: 'It is gone' } },
    errors: unknownImage,
    legacy: true,
  },
});
