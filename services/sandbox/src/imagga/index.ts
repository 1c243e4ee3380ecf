import { randomBytes } from 'node:crypto';
import multipart from '@fastify/multipart';
import type { App } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readBasicAuth } from '../basic-auth.ts';
import { deliveryPath } from '../imagekit/upload.ts';
import type { Upstream } from '../upstream.ts';
import { imaggaError, imaggaSuccess } from './errors.ts';
import { madeUpTags } from './made-up-tags.ts';

const config = { faultBody: imaggaError };
const tags = ['imagga'];
const mostUploads = 100;

const TagQuery = Type.Object({
  image_url: Type.Optional(Type.String()),
  image_upload_id: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  limit: Type.Integer({ default: -1, minimum: -1 }),
  threshold: Type.Number({ default: 0 }),
  verbose: Type.Optional(Type.Integer()),
  decrease_parents: Type.Optional(Type.Integer()),
});

/** Imagga downloads a picture from its URL; here only from the ImageKit that is beside it, never from anywhere else. */
const download = async (app: App, address: string): Promise<Buffer | undefined> => {
  const url = URL.parse(address);
  if (url === null || !url.pathname.startsWith(`${deliveryPath}/`)) return undefined;
  const response = await app.inject(url.pathname);
  return response.statusCode === 200 ? response.rawPayload : undefined;
};

const select = (bytes: Buffer, { limit, threshold }: { limit: number; threshold: number }) => {
  const found = madeUpTags(bytes).filter(({ confidence }) => confidence >= threshold);
  return imaggaSuccess({ tags: limit < 0 ? found : found.slice(0, limit) });
};

/** Imagga v2: tags, uploads, usage. Any key that begins with `acc_`, with a secret, is good. The tags are made up. */
export const imagga: Upstream = {
  name: 'imagga',
  basePath: '/imagga/v2',
  register: async (app) => {
    const uploads = new Map<string, Buffer>();
    let processed = 0;
    await app.register(multipart, {
      limits: { fileSize: 20 * 1024 * 1024, files: 1, fields: 10, fieldSize: 28 * 1024 * 1024 },
    });
    app.addHook('onRequest', async (request, reply) => {
      const credentials = readBasicAuth(request.headers.authorization);
      if (!credentials?.user.startsWith('acc_') || credentials.password === '')
        return reply.code(401).send(imaggaError(401));
    });

    /** The picture of a form: `image`, or `image_base64`. */
    const readForm = async (request: FastifyRequest): Promise<Buffer | undefined> => {
      if (!request.isMultipart()) return undefined;
      let bytes: Buffer | undefined;
      for await (const part of request.parts()) {
        if (part.type === 'file') bytes = await part.toBuffer();
        else if (part.fieldname === 'image_base64') bytes = Buffer.from(String(part.value), 'base64');
      }
      return bytes;
    };

    app.get(
      '/imagga/v2/tags',
      { config, schema: { summary: 'Tags of a picture', tags, querystring: TagQuery } },
      async (request, reply) => {
        const { image_url: url, image_upload_id: id } = request.query;
        const bytes = url === undefined ? uploads.get(id ?? '') : await download(app, url);
        if (bytes === undefined) return reply.code(400).send(imaggaError(400));
        processed++;
        return select(bytes, request.query);
      },
    );
    app.post(
      '/imagga/v2/tags',
      { config, bodyLimit: 30 * 1024 * 1024, schema: { summary: 'Tags of a picture', tags, querystring: TagQuery } },
      async (request, reply) => {
        const bytes = await readForm(request);
        if (bytes === undefined) return reply.code(400).send(imaggaError(400));
        processed++;
        return select(bytes, request.query);
      },
    );
    app.post(
      '/imagga/v2/uploads',
      { config, bodyLimit: 30 * 1024 * 1024, schema: { summary: 'Upload a picture', tags } },
      async (request, reply) => {
        const bytes = await readForm(request);
        if (bytes === undefined) return reply.code(400).send(imaggaError(400));
        const id = `i${randomBytes(16).toString('hex')}`;
        uploads.set(id, bytes);
        const [oldest] = uploads.keys();
        if (uploads.size > mostUploads && oldest !== undefined) uploads.delete(oldest);
        return imaggaSuccess({ upload_id: id });
      },
    );
    app.delete(
      '/imagga/v2/uploads/:id',
      { config, schema: { summary: 'Remove an upload', tags, params: Type.Object({ id: Type.String() }) } },
      async (request, reply) =>
        uploads.delete(request.params.id) ? imaggaSuccess({}) : reply.code(404).send(imaggaError(404)),
    );
    app.get('/imagga/v2/usage', { config, schema: { summary: 'Usage of the plan', tags } }, () =>
      imaggaSuccess({ monthly_limit: 1000, monthly_processed: processed }),
    );
  },
};
