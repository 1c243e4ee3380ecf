import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import type { InferenceContext } from '../context.ts';

/** A file that was sent, with what was said of it. */
export interface ReceivedUpload {
  readonly file: string;
  readonly fileName: string;
  /** Fields of the form, or of the query where the body is the file itself. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Bytes of a form besides its file: boundaries and fields. */
const formOverhead = 1024 * 1024;

/** Content types of a body that is a model file itself. */
const rawTypes = ['application/octet-stream', 'application/onnx', 'application/x-onnx', 'application/x-pickle'];

/** Lets a scope of routes take files: as a form, or as the body. */
export const acceptUploads = async (app: InferenceContext['app']): Promise<void> => {
  await app.register(multipart, { limits: { files: 1, fields: 20, fieldSize: 1024 * 1024, headerPairs: 50 } });
  app.addContentTypeParser(rawTypes, (_, body, done) => done(null, body));
};

/**
 * Writes what was sent into a file, hands it on, and removes it afterwards.
 *
 * @returns undefined, without calling `use`, when the request has no file
 * @throws ServiceError 413 `inference.model_too_large`, 400 `inference.no_file`
 */
export const receiveUpload = async <Result>(
  request: FastifyRequest,
  maximumBytes: number,
  use: (upload: ReceivedUpload) => Promise<Result>,
): Promise<Result | undefined> => {
  const raw = request.body instanceof Readable ? request.body : undefined;
  if (raw === undefined && !request.isMultipart()) return undefined;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maximumBytes + formOverhead) throw tooLarge(maximumBytes);
  const folder = await mkdtemp(join(tmpdir(), 'vindima-upload-'));
  try {
    const file = join(folder, 'upload');
    const received =
      raw === undefined
        ? await receiveForm(request, file, maximumBytes)
        : await receiveRaw(request, raw, file, maximumBytes);
    return await use(received);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const receiveRaw = async (
  request: FastifyRequest,
  body: Readable,
  file: string,
  maximumBytes: number,
): Promise<ReceivedUpload> => {
  await save(body, file, maximumBytes);
  const fields = Object.fromEntries(
    Object.entries(request.query as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
  );
  return { file, fileName: fields.file_name ?? fields.name ?? 'model', fields };
};

const receiveForm = async (request: FastifyRequest, file: string, maximumBytes: number): Promise<ReceivedUpload> => {
  const fields: Record<string, string> = {};
  let fileName: string | undefined;
  for await (const part of request.parts({ limits: { fileSize: maximumBytes + 1 } })) {
    if (part.type === 'file') {
      fileName = part.filename ?? 'model';
      await save(part.file, file, maximumBytes);
    } else fields[part.fieldname] = String(part.value);
  }
  if (fileName === undefined) throw new ServiceError(400, 'inference.no_file', 'The form has no file.');
  return { file, fileName: fileName.slice(0, 200), fields };
};

/**
 * What is beyond the limit is thrown away as it comes, and the refusal comes after it: ending the stream early would reset the connection
 * before the client has read why.
 */
const save = async (source: Readable, file: string, maximumBytes: number): Promise<void> => {
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(null, bytes <= maximumBytes ? chunk : undefined);
    },
    flush: (done) => done(bytes <= maximumBytes ? null : tooLarge(maximumBytes)),
  });
  await pipeline(source, bounded, createWriteStream(file));
};

const tooLarge = (maximumBytes: number) =>
  new ServiceError(413, 'inference.model_too_large', `A model file has ${maximumBytes} bytes at most.`, {
    details: { maximum_bytes: maximumBytes },
  });
