import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ServiceError } from '@vindima/contracts';
import type { ObjectStoreLogger } from '../logger.ts';

const MAXIMUM_PARTS = 10_000;

interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
}

/**
 * S3's multipart upload: the object appears when all parts are there and it is completed. One part is sent while the
 * next is read, so that memory stays flat whatever the size.
 *
 * Not `Upload` of @aws-sdk/lib-storage: aborted, it rejects at once and tidies up behind the caller's back, so that a store
 * closed then leaves parts that are paid for and never seen. Here the upload is gone when the put rejects.
 */
export async function uploadParts(
  client: S3Client,
  target: UploadTarget,
  parts: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  logger: ObjectStoreLogger | undefined,
): Promise<{ etag: string | undefined; size: number }> {
  const options = signal === undefined ? {} : { abortSignal: signal };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target), options);
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  let sending: Promise<CompletedPart> | undefined;
  try {
    const sent: CompletedPart[] = [];
    let size = 0;
    let number = 0;
    for await (const part of parts) {
      if (sending !== undefined) sent.push(await sending);
      number += 1;
      size += part.byteLength;
      if (number > MAXIMUM_PARTS) throw tooManyParts(target.Key, size);
      sending = sendPart(client, { ...upload, PartNumber: number, Body: part }, options);
      // Awaited above or below; until then its failure must not count as unhandled.
      sending.catch(() => {});
    }
    if (sending !== undefined) sent.push(await sending);
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: sent } });
    const { ETag } = await client.send(complete, options);
    return { etag: ETag, size };
  } catch (error) {
    // A part that arrived after the abort would keep its storage.
    await sending?.catch(() => {});
    await client.send(new AbortMultipartUploadCommand(upload)).catch((cause: unknown) => {
      logger?.warn({ error: cause, ...upload }, 'Could not remove the parts of an upload that failed');
    });
    throw error;
  }
}

async function sendPart(
  client: S3Client,
  part: ConstructorParameters<typeof UploadPartCommand>[0],
  options: { abortSignal?: AbortSignal },
): Promise<CompletedPart> {
  const { ETag } = await client.send(new UploadPartCommand(part), options);
  return { PartNumber: part.PartNumber, ETag };
}

function tooManyParts(key: string, size: number): ServiceError {
  const message = `The object ${JSON.stringify(key)} is too large: it has more than ${MAXIMUM_PARTS} parts, over ${size} bytes.`;
  return new ServiceError(413, 'object_store.too_large', message);
}
