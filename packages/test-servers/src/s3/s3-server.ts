/**
 * An S3 server as a process of its own: the arguments are its folder and its port.
 *
 * HTTP, XML, signatures, multipart and pages are s3rver's; its storage has faults that no S3 server may have, and that
 * would hide ours, so they are mended here:
 *
 * - It answers a put before the file is written, writes in place, and keeps what arrived of a request that broke off.
 * - It lists in the order of its folders, `a/b` before `a`, instead of the keys' bytes.
 * - It answers a range of an empty object with one byte that does not exist, instead of 416, and the range 0-0 with all.
 *
 * What remains: names of over some 230 bytes are too long for it, and it cannot abort a multipart upload (501). Its
 * continuation tokens use DES, so Node must be started with --openssl-legacy-provider.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  content: Readable | Buffer | null;
  readonly metadata: Record<string, string>;
  readonly size: number;
  range?: { start: number; end: number };
}
interface ListOptions {
  readonly startAfter?: string;
  readonly maxKeys: number;
}
interface Listing {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}
interface Store {
  readonly rootDirectory: string;
  getResourcePath(bucket: string, key: string, resource: string): string;
  putMetadata(bucket: string, key: string, metadata: Record<string, string>, md5: string): Promise<void>;
  putObject(object: StoredObject): Promise<{ size: number; md5: string }>;
  getObject(bucket: string, key: string, options?: { start?: number; end?: number }): Promise<StoredObject | null>;
  listObjects(bucket: string, options: ListOptions): Promise<Listing>;
}
interface Server {
  readonly store: Store;
  run(): Promise<unknown>;
}

const S3rver: new (options: object) => Server = createRequire(import.meta.url)('s3rver');
const [, , directory, port] = process.argv;
const server = new S3rver({ address: '127.0.0.1', port: Number(port), silent: true, directory });
const { store } = server;
const original = { getObject: store.getObject, listObjects: store.listObjects };

store.putObject = async ({ bucket, key, content, metadata }) => {
  const path = store.getResourcePath(bucket, key, 'object');
  const temporary = join(dirname(store.rootDirectory), randomUUID());
  const md5 = createHash('md5');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      md5.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  try {
    const source = content instanceof Readable ? content : Readable.from([content ?? Buffer.alloc(0)]);
    await pipeline(source, measure, createWriteStream(temporary));
    await mkdir(dirname(path), { recursive: true });
    const digest = md5.digest('hex');
    await store.putMetadata(bucket, key, metadata, digest);
    await rename(temporary, path);
    return { size, md5: digest };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

store.getObject = async (bucket, key, options) => {
  const object = await original.getObject.call(store, bucket, key, options);
  if (object === null || options?.start === undefined || !(object.content instanceof Readable)) return object;
  if (object.size === 0) {
    object.content.destroy();
    object.content = null;
  } else if (options.end === 0) {
    object.content.destroy();
    object.content = createReadStream(store.getResourcePath(bucket, key, 'object'), { start: 0, end: 0 });
    object.range = { start: 0, end: 0 };
  }
  return object;
};

store.listObjects = async (bucket, options) => {
  const { startAfter = '', maxKeys } = options;
  const { objects } = await original.listObjects.call(store, bucket, { ...options, startAfter: '', maxKeys: 1e9 });
  const after = objects
    .filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(startAfter)) > 0)
    .toSorted((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
  return { objects: after.slice(0, maxKeys), commonPrefixes: [], isTruncated: after.length > maxKeys };
};

await server.run();
