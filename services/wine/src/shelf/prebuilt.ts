import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

/** A body that is made once and sent often; each encoding is made when it is first asked for. */
export interface Prebuilt {
  /** Weak, as it stands for the same content in every encoding. */
  readonly etag: string;
  readonly contentType: string;
  readonly identity: Buffer;
  encoded(encoding: 'gzip' | 'br'): Promise<Buffer>;
}

/** Names a body by its content, and makes it ready to be compressed. */
export const prebuild = (body: string | Uint8Array, contentType = 'application/json; charset=utf-8'): Prebuilt => {
  const identity = Buffer.from(body);
  const digest = createHash('sha256').update(identity).digest('base64url').slice(0, 27);
  const made = new Map<'gzip' | 'br', Promise<Buffer>>();
  const make = (encoding: 'gzip' | 'br') =>
    encoding === 'gzip'
      ? gzipAsync(identity, { level: 7 })
      : brotliAsync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
  return {
    etag: `W/"${digest}"`,
    contentType,
    identity,
    encoded: (encoding) => {
      const buffer = made.get(encoding) ?? make(encoding);
      made.set(encoding, buffer);
      return buffer;
    },
  };
};
