import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { madeUpFiles } from './files.ts';

/** A file as the site would serve it. */
export interface SiteFile {
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: Date;
}

/** Finds a file by its name; undefined when there is none. */
export type SiteFiles = (name: string) => Promise<SiteFile | undefined>;

const etagOf = (body: Buffer) => `"${createHash('sha256').update(body).digest('hex').slice(0, 20)}"`;

/** The made-up files. They never change, so they were last modified on the day whose format they have. */
export const madeUpSource = (): SiteFiles => {
  const files = madeUpFiles();
  const lastModified = new Date('2025-05-09T16:00:00Z');
  return async (name) => {
    const body = files.get(name);
    return body === undefined ? undefined : { body, etag: etagOf(body), lastModified };
  };
};

/** Files of a folder, read at each request: whoever changes one there sees it changed. */
export const folderSource =
  (folder: string): SiteFiles =>
  async (name) => {
    if (!/^[A-Za-z]{1,40}\.csv$/.test(name)) return undefined;
    try {
      const path = join(folder, name);
      const [body, { mtime }] = await Promise.all([readFile(path), stat(path)]);
      return { body, etag: etagOf(body), lastModified: mtime };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  };
