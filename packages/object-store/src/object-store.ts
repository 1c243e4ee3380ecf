import type { Readable } from 'node:stream';

/** What a listing tells of a stored object. */
export interface ObjectEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** Changes whenever the content does; opaque, without quotes. The same content stored again may have another one. */
  readonly etag: string;
}

/** What is known of a stored object without reading it. S3's listings lack the content type, so it is only here. */
export interface ObjectInfo extends ObjectEntry {
  readonly contentType: string;
}

export interface PutOptions {
  /** By default what the key's extension tells, else `application/octet-stream`. */
  readonly contentType?: string;
  /** Ends the upload; nothing of it becomes visible. Once every byte is sent it may be too late: then the object is there, whole. */
  readonly signal?: AbortSignal;
}

export interface ByteRange {
  /** First byte, from 0. */
  readonly start: number;
  /** Last byte, inclusive; to the end when left out. */
  readonly end?: number;
}

/**
 * Where files are kept: a folder or an S3 bucket, with the same promises.
 *
 * - An object appears whole or not at all: `put` is atomic, the last one to finish wins, readers of the older one finish undisturbed.
 * - After `put` resolved, the object survives a crash and every `get`, `head` and `list` sees it.
 * - Keys are relative paths of `/`-separated segments, at most 900 UTF-8 bytes; `.`, `..`, empty segments, control
 *   characters and backslashes are refused with `object_store.invalid_key` (400). Keys are compared byte by byte: case
 *   and Unicode forms differ, and `a` and `a/b` may both exist.
 * - A failure of the store itself (disk, network, permission) is a ServiceError 503 `object_store.unavailable`.
 * - All methods may be called concurrently.
 */
export interface ObjectStore {
  /**
   * Stores a whole object. A stream of unknown length is uploaded in parts, never held in memory whole; it is used up or
   * destroyed in every case. An error of the stream, or the signal's reason, is thrown as it is and leaves nothing.
   */
  put(key: string, body: Uint8Array | Readable, options?: PutOptions): Promise<ObjectInfo>;
  /** @throws ServiceError 404 `object_store.not_found`; `maximumBytes` exceeded: 413 `object_store.too_large`, before reading. */
  get(key: string, options?: { maximumBytes?: number }): Promise<Buffer>;
  /** Opens an object for reading. The caller destroys the stream. @throws 404 as `get`; 416 `object_store.invalid_range`. */
  stream(key: string, range?: ByteRange): Promise<Readable>;
  /** @returns undefined when there is no such object. */
  head(key: string): Promise<ObjectInfo | undefined>;
  /**
   * Every object whose key begins with `prefix` (which may end within a segment; empty: all), in the order of the keys'
   * UTF-8 bytes (`compareKeys`), read as it is consumed. What is stored or deleted meanwhile may be in it or not.
   */
  list(prefix: string): AsyncIterable<ObjectEntry>;
  /** Removes an object; removing a missing one is no error. */
  delete(key: string): Promise<void>;
  /** Rejects when the store cannot be used (missing bucket, unwritable folder, no network), saying why. */
  check(): Promise<void>;
  close(): Promise<void>;
}
