import type { IncomingHttpHeaders } from 'node:http';
import { Type } from 'typebox';
import type { Upstream } from '../upstream.ts';
import { folderSource, madeUpSource, type SiteFile } from './source.ts';

/** RFC 9110, 13.2.2: with an entity tag at hand, the date is not looked at. */
const isUnchanged = (headers: IncomingHttpHeaders, { etag, lastModified }: SiteFile): boolean => {
  const known = headers['if-none-match'];
  if (known !== undefined) return known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(lastModified.getTime() / 1000) * 1000 <= since;
};

/** The download folder of VitiBrasil: one CSV file per series, made up unless a folder of real ones is given. */
export const vitibrasil: Upstream = {
  name: 'vitibrasil',
  basePath: '/download',
  register: (app, { SANDBOX_VITIBRASIL_DIR: folder }) => {
    const find = folder === undefined ? madeUpSource() : folderSource(folder);
    app.get(
      '/download/:file',
      {
        schema: {
          summary: "One of VitiBrasil's fifteen files",
          tags: ['vitibrasil'],
          params: Type.Object({ file: Type.String({ examples: ['Producao.csv'] }) }),
        },
      },
      async (request, reply) => {
        if (folder !== undefined) reply.header('x-vindima-source', 'folder');
        const file = await find(request.params.file);
        if (file === undefined) return reply.code(404).type('text/html').send('<html><h1>404 Not Found</h1></html>');
        reply.header('etag', file.etag).header('last-modified', file.lastModified.toUTCString());
        if (isUnchanged(request.headers, file)) return reply.code(304).send();
        return reply.type('text/csv').send(file.body);
      },
    );
  },
};
