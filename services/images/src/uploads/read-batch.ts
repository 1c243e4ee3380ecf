import type { IncomingMessage } from 'node:http';
import type { MultipartFile } from '@fastify/multipart';
import { ImageBatch, ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import { type BatchItem, toItemError } from '../jobs/batch.ts';
import { decodeBase64 } from './decode-base64.ts';
import type { Staging } from './staging.ts';

const longestName = 200;
const longestUrl = 2000;

export interface BatchLimits {
  /** Of the whole body. */
  readonly batchBytes: number;
  readonly fileBytes: number;
}

/** What a batch of more bytes than are taken is answered. */
export const batchTooLarge = (maximumBytes: number): ServiceError =>
  new ServiceError(413, 'images.batch_too_large', `The batch is larger than ${maximumBytes} bytes.`, {
    details: { maximum_bytes: maximumBytes },
  });

const fileTooLarge = (maximumBytes: number): ServiceError =>
  new ServiceError(413, 'images.too_large', `The file is larger than ${maximumBytes} bytes.`);

/**
 * Ends the reading of a multipart body that has more bytes, in whatever part they come. The parser has no such limit, but ends at an error of
 * its request. @returns what ends the watch
 */
const watchSize = (body: IncomingMessage, maximumBytes: number): (() => void) => {
  let size = 0;
  const count = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= maximumBytes) return;
    body.off('data', count);
    body.emit('error', batchTooLarge(maximumBytes));
  };
  body.on('data', count);
  return () => body.off('data', count);
};

/** Reads a part to its end, of which the parser gives no more than a file may have. @throws ServiceError 413 after that end */
const readFile = async ({ file }: MultipartFile, maximumBytes: number): Promise<Buffer> => {
  // Not `toBuffer()`, which keeps the bytes of every file for as long as the request.
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(chunk);
  if (file.truncated) throw fileTooLarge(maximumBytes);
  return Buffer.concat(chunks);
};

/** Puts one file aside, or keeps what is wrong with it for the result. */
const stage = async (
  name: string,
  read: () => Buffer | Promise<Buffer>,
  staging: Staging,
  maximumBytes: number,
): Promise<BatchItem> => {
  let bytes: Buffer;
  try {
    bytes = await read();
    if (bytes.length === 0) throw new ServiceError(400, 'images.empty_file', 'The file is empty.');
    if (bytes.length > maximumBytes) throw fileTooLarge(maximumBytes);
  } catch (error) {
    // The batch's own size is nothing that one of its files could be blamed for.
    if (error instanceof ServiceError && error.code === 'images.batch_too_large') throw error;
    return { name, error: toItemError(error) };
  }
  return { name, key: await staging.put(bytes) };
};

const readMultipart = async (
  request: FastifyRequest,
  staging: Staging,
  { batchBytes, fileBytes }: BatchLimits,
): Promise<BatchItem[]> => {
  const items: BatchItem[] = [];
  const endWatch = watchSize(request.raw, batchBytes);
  try {
    for await (const part of request.files({ throwFileSizeLimit: false, limits: { fileSize: fileBytes } })) {
      // Of type octet-stream it is a file without a name too, whatever the types say.
      const filename: string | undefined = part.filename;
      const name = filename?.slice(0, longestName) || String(items.length + 1);
      items.push(await stage(name, () => readFile(part, fileBytes), staging, fileBytes));
    }
  } finally {
    endWatch();
    // What still comes after a failure is of no interest to the parser.
    request.raw.unpipe();
  }
  return items;
};

const readJson = async ({ items }: ImageBatch, staging: Staging, { fileBytes }: BatchLimits): Promise<BatchItem[]> => {
  const read: BatchItem[] = [];
  for (const [index, { name = String(index + 1), data, url }] of items.entries()) {
    if (data !== undefined && url === undefined) {
      read.push(await stage(name, () => decodeBase64(data), staging, fileBytes));
    } else if (url === undefined || data !== undefined) {
      const noPicture = new ServiceError(400, 'images.no_picture', 'An item needs either data or url.');
      read.push({ name, error: toItemError(noPicture) });
    } else if (url.length > longestUrl) {
      const tooLong = new ServiceError(400, 'images.invalid_url', `A url has at most ${longestUrl} characters.`);
      read.push({ name, error: toItemError(tooLong) });
    } else read.push({ name, url });
  }
  return read;
};

/**
 * Reads the files of a batch, multipart or JSON, and puts them aside one after the other, so that no more than one is in memory. A file that
 * cannot be taken is an item with its error.
 * @throws ServiceError 400 `images.no_picture` for a batch without files, 413 `images.batch_too_large`; what the parser throws
 */
export const readBatch = async (
  request: FastifyRequest,
  staging: Staging,
  limits: BatchLimits,
): Promise<BatchItem[]> => {
  let items: BatchItem[] = [];
  if (request.isMultipart()) items = await readMultipart(request, staging, limits);
  else if (Value.Check(ImageBatch, request.body)) items = await readJson(request.body, staging, limits);
  if (items.length === 0) throw new ServiceError(400, 'images.no_picture', 'The batch has no pictures.');
  return items;
};
