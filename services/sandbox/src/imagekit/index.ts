import { Type } from 'typebox';
import { readBasicAuth } from '../basic-auth.ts';
import type { Upstream } from '../upstream.ts';
import { imagekitError } from './errors.ts';
import { createMediaLibrary } from './media-library.ts';
import { deliveryPath, describeFile, registerUpload } from './upload.ts';

const config = { faultBody: imagekitError };
const tags = ['imagekit'];

/** ImageKit: uploads, the list of files, their removal, and their delivery. Any key that begins with `private_` is good. */
export const imagekit: Upstream = {
  name: 'imagekit',
  basePath: '/imagekit',
  register: async (app) => {
    const library = createMediaLibrary();
    app.addHook('onRequest', async (request, reply) => {
      if (request.url.startsWith(deliveryPath)) return;
      const credentials = readBasicAuth(request.headers.authorization);
      if (credentials === undefined || credentials.user === '') return reply.code(401).send(imagekitError(401));
      if (!credentials.user.startsWith('private_') || credentials.password !== '') {
        return reply.code(403).send(imagekitError(403, 'Your account cannot be authenticated.'));
      }
    });
    await registerUpload(app, library);
    app.get(
      '/imagekit/v1/files',
      {
        config,
        schema: {
          summary: 'The files of a folder',
          tags,
          querystring: Type.Object({
            path: Type.Optional(Type.String()),
            searchQuery: Type.Optional(Type.String({ examples: ['name = "photo.jpg"'] })),
            skip: Type.Integer({ minimum: 0, default: 0 }),
            limit: Type.Integer({ minimum: 1, maximum: 1000, default: 1000 }),
          }),
        },
      },
      (request) => {
        const { path = '/', searchQuery = '', skip, limit } = request.query;
        const [, name] = /^name\s*=\s*"([^"]*)"$/.exec(searchQuery.trim()) ?? [];
        const folder = path.endsWith('/') ? path : `${path}/`;
        return library
          .list()
          .filter((file) => file.filePath.startsWith(folder) && (name === undefined || file.name === name))
          .slice(skip, skip + limit)
          .map((file) => ({ type: 'file', ...describeFile(file, `${request.protocol}://${request.host}`) }));
      },
    );
    const params = Type.Object({ fileId: Type.String() });
    app.get(
      '/imagekit/v1/files/:fileId/details',
      { config, schema: { summary: 'One file', tags, params } },
      (request, reply) => {
        const file = library.get(request.params.fileId);
        if (file === undefined) return reply.code(404).send(imagekitError(404));
        return describeFile(file, `${request.protocol}://${request.host}`);
      },
    );
    app.delete(
      '/imagekit/v1/files/:fileId',
      { config, schema: { summary: 'Remove a file', tags, params } },
      (request, reply) =>
        library.remove(request.params.fileId) ? reply.code(204).send() : reply.code(404).send(imagekitError(404)),
    );
    app.post(
      '/imagekit/v1/files/batch/deleteByFileIds',
      { config, schema: { summary: 'Remove files', tags, body: Type.Object({ fileIds: Type.Array(Type.String()) }) } },
      (request, reply) => {
        const { fileIds } = request.body;
        const missingFileIds = fileIds.filter((fileId) => library.get(fileId) === undefined);
        if (missingFileIds.length > 0) return reply.code(404).send({ ...imagekitError(404), missingFileIds });
        for (const fileId of fileIds) library.remove(fileId);
        return { successfullyDeletedFileIds: fileIds };
      },
    );
    app.get(`${deliveryPath}/*`, { schema: { hide: true } }, (request, reply) => {
      const path = decodeURIComponent(request.url.slice(deliveryPath.length).split('?', 1)[0] ?? '');
      const file = library.findByPath(path);
      if (file === undefined) return reply.code(404).type('text/plain').send('Not Found');
      return reply.type(file.contentType).send(file.bytes);
    });
  },
};
