import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { datasetsOperations, ServiceError, uploadMessage } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import { importFile } from '../work/import-file.ts';
import { displayName } from '../work/names.ts';
import { commit, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { readUploadOptions } from './upload-options.ts';

// Boundaries, headers of the parts, and the other fields of the form.
const formOverhead = 65_536;

/** Reads the file of a form as a table. */
export const upload = (tools: Tools) => {
  const maximum = tools.context.config.MAX_CONTENT_LENGTH;
  implement(
    tools.context,
    datasetsOperations.upload,
    (request, reply) => {
      if (Number(request.headers['content-length'] ?? 0) > maximum + formOverhead) throw tooLarge(maximum);
      if (!request.isMultipart()) {
        throw new ServiceError(
          400,
          'datasets.no_file',
          'Send the file as the field `file` of a form (multipart/form-data).',
        );
      }
      const signal = closedSignal(reply);
      return tools.engine.withFolder(async (folder) => {
        const path = join(folder, 'upload');
        const form = await readForm(request, path, maximum);
        const options = readUploadOptions({ ...request.query, ...form.fields });
        const { size } = await stat(path);
        const file = { path, folder, size, filename: form.filename, options, kind: 'upload', source: null } as const;
        const dataset = await commit(tools, await importFile(tools, file, requestOptions(tools, request, signal)));
        reply.code(201);
        return { message: uploadMessage, ...dataset };
      });
    },
    { bodyLimit: maximum + formOverhead },
  );
};

/** Writes the file of a form to disk and collects its other fields, wherever they stand. */
const readForm = async (request: FastifyRequest, path: string, maximum: number) => {
  const fields: Record<string, unknown> = {};
  let filename: string | undefined;
  for await (const part of request.parts({
    limits: { fileSize: maximum, files: 1, fields: 50, fieldSize: 16_384, parts: 51 },
  })) {
    if (part.type === 'field') {
      fields[part.fieldname] = part.value;
    } else if (part.fieldname !== 'file') {
      part.file.resume();
    } else {
      await pipeline(part.file, createWriteStream(path));
      if (part.file.truncated) throw tooLarge(maximum);
      filename = displayName(part.filename);
    }
  }
  if (filename === undefined)
    throw new ServiceError(400, 'datasets.no_file', 'The form has no file in its field `file`.');
  return { filename, fields };
};

const tooLarge = (maximum: number) =>
  new ServiceError(413, 'datasets.too_large', `The file is larger than ${maximum} bytes.`, { details: { maximum } });
