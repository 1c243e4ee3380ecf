import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type DownloadFormat, DownloadQuery, ErrorBody } from '@vindima/contracts';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { getDataset } from '../db/datasets.ts';
import type { StoredDataset } from '../db/datasets-table.ts';
import { contentTypes, derivedName, extensions } from '../work/names.ts';
import { requestOptions } from '../work/run.ts';
import type { Tools, WorkOptions } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { sendWritten } from './send-text.ts';

/** `GET /api/download/{file_id}`: a table as a file of any format, streamed. */
export const download = (tools: Tools) => {
  const { app, database, objects } = tools.context;
  app.get(
    '/api/download/:file_id',
    {
      // Compressing a large table takes longer than making it; who wants it small takes Parquet.
      compress: false,
      schema: {
        tags: ['tables'],
        summary: 'Take a table away in any format',
        params: Type.Object({ file_id: Type.String({ maxLength: 100 }) }),
        querystring: DownloadQuery,
        response: { '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const stored = await getDataset(database.query, request.params.file_id);
      const { format = 'csv', escape_formulas: escapeFormulas = true } = request.query;
      if (format === 'parquet') {
        // Tables are stored as Parquet.
        sendHeaders(reply, stored, format, stored.dataset.stored_size);
        return sendWritten(reply, await objects.stream(stored.objectKey));
      }
      const file = await render(
        tools,
        stored,
        format,
        escapeFormulas,
        requestOptions(tools, request, closedSignal(reply)),
      );
      sendHeaders(reply, stored, format, (await file.stat()).size);
      // The stream closes the file, whether it is read to the end or not.
      return sendWritten(reply, file.createReadStream({ highWaterMark: 2 ** 20 }));
    },
  );
};

/** The rendered file, open: its folder is gone already, and the file itself when it is closed. */
const render = (
  { context, engine, store }: Tools,
  stored: StoredDataset,
  format: DownloadFormat,
  escapeFormulas: boolean,
  { signal, caller }: WorkOptions,
): Promise<FileHandle> =>
  engine.withFolder((folder) =>
    store.withTable(stored, async (path) => {
      const output = join(folder, 'export');
      const timeout = context.config.DATASETS_JOB_TIMEOUT;
      await engine.run(
        'render',
        { path, format, escapeFormulas, output },
        { folder, timeout, signal, caller, readable: [path] },
      );
      return open(output);
    }),
  );

const sendHeaders = (reply: FastifyReply, { dataset }: StoredDataset, format: DownloadFormat, size: number) => {
  const name = derivedName(dataset.filename, '', extensions[format]);
  // RFC 6266: a plain name for old clients, the real one in UTF-8 for all others.
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  reply.headers({
    'content-type': contentTypes[format],
    'content-length': size,
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`,
  });
};
