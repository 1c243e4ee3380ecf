import type { MultipartFile } from '@fastify/multipart';
import { ImageUpload, ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import type { PictureFetcher } from '../fetching/fetch-picture.ts';
import { decodeBase64 } from '../uploads/decode-base64.ts';

const nothing = () =>
  new ServiceError(
    400,
    'images.no_picture',
    'Send the picture as {"data": "<base64>"}, {"url": "..."}, multipart or the body itself.',
  );

const readMultipart = async (file: MultipartFile | undefined): Promise<Buffer> => {
  if (file === undefined) throw nothing();
  return file.toBuffer();
};

/** The bytes that an item of JSON stands for. @throws ServiceError 400 when it has neither or both */
export const readItem = async (
  item: { readonly data?: string; readonly url?: string },
  fetcher: PictureFetcher,
  signal: AbortSignal,
): Promise<Buffer> => {
  if ((item.data === undefined) === (item.url === undefined)) throw nothing();
  return item.data === undefined ? fetcher.fetch(item.url ?? '', signal) : decodeBase64(item.data);
};

/** Whether a body names a file instead of holding one. */
export const namesUrl = (body: unknown): boolean => Value.Check(ImageUpload, body) && body.url !== undefined;

/** The uploaded file, in whichever of the four ways it came. */
export const readUpload = async (
  request: FastifyRequest,
  fetcher: PictureFetcher,
  signal: AbortSignal,
): Promise<Buffer> => {
  if (request.isMultipart()) return readMultipart(await request.file());
  if (Buffer.isBuffer(request.body)) return request.body;
  if (!Value.Check(ImageUpload, request.body)) throw nothing();
  return readItem(request.body, fetcher, signal);
};
