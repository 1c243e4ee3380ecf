import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type DownloadFormat, datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply } from 'fastify';
import { getDataset } from '../db/datasets.ts';
import type { StoredDataset } from '../db/datasets-table.ts';
import type { RenderInput } from '../exports/render.ts';
import { contentTypes, derivedName, extensions } from '../work/names.ts';
import { requestOptions } from '../work/run.ts';
import type { Tools, WorkOptions } from '../work/tools.ts';
import { closedSignal } from './closed.ts';

/** Answers a table as a file of any format, streamed. */
export const download = (tools: Tools) => {
  const { database, objects } = tools.context;
  implement(
    tools.context,
    datasetsOperations.download,
    async (request, reply) => {
      const stored = await getDataset(database.query, request.params.file_id);
      const { format = 'csv', escape_formulas: escapeFormulas = true, header = true } = request.query;
      if (format === 'parquet') {
        // Tables are stored as Parquet.
        sendHeaders(reply, stored, format, stored.dataset.stored_size);
        return objects.stream(stored.objectKey);
      }
      const wanted = { format, escapeFormulas, header, floats: stored.dataset.dialect.float_columns };
      const options = requestOptions(tools, request, closedSignal(reply));
      const { file, escaped } = await render(tools, stored, wanted, options);
      if (escaped > 0) reply.header('x-escaped-formulas', escaped);
      sendHeaders(reply, stored, format, (await file.stat()).size);
      // The stream closes the file, whether it is read to the end or not.
      return file.createReadStream({ highWaterMark: 2 ** 20 });
    },
    // Compressing a large table takes longer than making it; who wants it small takes Parquet.
    { compress: false },
  );
};

/** The rendered file, open: its folder is gone already, and the file itself when it is closed. */
const render = (
  { context, engine, store }: Tools,
  stored: StoredDataset,
  wanted: Pick<RenderInput, 'format' | 'escapeFormulas' | 'header' | 'floats'>,
  { signal, caller }: WorkOptions,
): Promise<{ file: FileHandle; escaped: number }> =>
  engine.withFolder((folder) =>
    store.withTable(stored, async (path) => {
      const output = join(folder, 'export');
      const timeout = context.config.DATASETS_JOB_TIMEOUT;
      const run = { folder, timeout, signal, caller, readable: [path] };
      const { escaped } = await engine.run('render', { path, ...wanted, output }, run);
      return { file: await open(output), escaped };
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
