import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { App } from '@vindima/service-kit';
import { anyone } from '../access/requirement-of.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};
const encoders = {
  br: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: promisify(gzip),
};

/** Serves a few files below a path from memory: compressed once, at the first request, and told apart by their content. */
export const serveFiles = async (app: App, prefix: string, paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    const content = await readFile(path);
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    const type = types[extname(path)] ?? 'application/octet-stream';
    const compressed: { br?: Promise<Buffer>; gzip?: Promise<Buffer> } = {};
    app.get(
      `${prefix}/${basename(path)}`,
      { schema: { hide: true }, config: { requirement: anyone }, compress: false },
      async (request, reply) => {
        reply.headers({ 'content-type': type, etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
        const accepted = request.headers['accept-encoding'] ?? '';
        const encoding =
          type === 'image/png' ? undefined : (['br', 'gzip'] as const).find((name) => accepted.includes(name));
        if (encoding === undefined) return reply.send(content);
        compressed[encoding] ??= encoders[encoding](content);
        return reply.header('content-encoding', encoding).send(await compressed[encoding]);
      },
    );
  }
};
