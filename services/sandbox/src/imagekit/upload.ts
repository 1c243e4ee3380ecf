import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import multipart from '@fastify/multipart';
import type { App } from '@vindima/service-kit';
import { imagekitError } from './errors.ts';
import type { MediaFile, MediaLibrary } from './media-library.ts';

/** 20 MB on the free plan. */
const largestFile = 20 * 1024 * 1024;

/** The part of the address behind the host that stands for `https://ik.imagekit.io/<account>`. */
export const deliveryPath = '/imagekit/demo';

/** How the upload answers, and the listing. `origin` is the sandbox's own address. */
export const describeFile = ({ fileId, name, filePath, bytes }: MediaFile, origin: string) => ({
  fileId,
  name,
  size: bytes.length,
  versionInfo: { id: fileId, name: 'Version 1' },
  filePath,
  url: `${origin}${deliveryPath}${filePath}`,
  fileType: 'image',
  thumbnailUrl: `${origin}${deliveryPath}/tr:n-ik_ml_thumbnail${filePath}`,
  AITags: null,
});

/** Letters, digits, dots and dashes stay; without `useUniqueFileName=false` something random is put behind the name. */
const nameOf = (wanted: string, isUnique: boolean): string => {
  const clean = wanted.replaceAll(/[^A-Za-z0-9.-]/g, '_');
  if (!isUnique) return clean;
  const extension = extname(clean);
  return `${clean.slice(0, clean.length - extension.length)}_${randomBytes(6).toString('base64url')}${extension}`;
};

/** `POST /api/v1/files/upload` */
export const registerUpload = async (app: App, library: MediaLibrary): Promise<void> => {
  await app.register(multipart, {
    limits: { fileSize: largestFile, files: 1, fields: 30, fieldSize: 28 * 1024 * 1024 },
  });
  app.post(
    '/imagekit/api/v1/files/upload',
    {
      bodyLimit: 30 * 1024 * 1024,
      schema: { summary: 'Upload a file', tags: ['imagekit'], consumes: ['multipart/form-data'] },
      config: { faultBody: imagekitError },
    },
    async (request, reply) => {
      if (!request.isMultipart()) return reply.code(400).send(imagekitError(400));
      const fields = new Map<string, string>();
      let file: { bytes: Buffer; contentType: string } | undefined;
      for await (const part of request.parts()) {
        if (part.type === 'file') file = { bytes: await part.toBuffer(), contentType: part.mimetype };
        else fields.set(part.fieldname, String(part.value));
      }
      const encoded = fields.get('file');
      if (file === undefined && encoded !== undefined && !/^https?:/.test(encoded)) {
        file = { bytes: Buffer.from(encoded, 'base64'), contentType: 'application/octet-stream' };
      }
      if (file === undefined || file.bytes.length === 0) return reply.code(400).send(imagekitError(400));
      const fileName = fields.get('fileName');
      if (!fileName) return reply.code(400).send(imagekitError(400, 'Missing fileName parameter for upload'));
      const name = nameOf(fileName, fields.get('useUniqueFileName') !== 'false');
      const added = library.add({ ...file, name, folder: fields.get('folder') ?? '/' });
      return describeFile(added, `${request.protocol}://${request.host}`);
    },
  );
};
