import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { Limits } from '../../limits.ts';
import { expansionLimit } from '../gunzip.ts';
import { tooLarge, unreadable } from '../refuse.ts';

/** The parts of an Office Open XML file (ECMA-376 part 2), opened one at a time. */
export interface Package {
  has(part: string): boolean;
  /** @throws 422 `datasets.damaged_workbook` when there is no such part */
  open(part: string): Promise<Readable>;
  /** Bytes of a part when expanded, as the archive declares and yauzl enforces. */
  size(part: string): number;
  close(): void;
}

const maximumEntries = 10_000;

/** Opens a ZIP archive and holds all that it declares against the bounds before anything is expanded. */
export const openPackage = async (path: string, bytes: number, limits: Limits): Promise<Package> => {
  const archive = await open(path);
  try {
    const entries = new Map<string, Entry>();
    let expanded = 0;
    const maximum = expansionLimit(bytes, limits);
    await new Promise<void>((resolve, reject) => {
      archive.on('entry', (entry: Entry) => {
        expanded += entry.uncompressedSize;
        if (entries.size >= maximumEntries)
          return reject(tooLarge('too_many_parts', 'The workbook has too many parts.'));
        if (expanded > maximum) {
          return reject(
            tooLarge('expands_too_far', `The workbook expands to more than ${maximum} bytes.`, { maximum }),
          );
        }
        if ((entry.generalPurposeBitFlag & 1) !== 0) {
          return reject(
            unreadable('encrypted', 'The workbook is protected with a password; remove it and upload it again.'),
          );
        }
        entries.set(normal(entry.fileName), entry);
        archive.readEntry();
      });
      archive.on('end', resolve);
      archive.on('error', (error) => reject(damaged(error)));
      archive.readEntry();
    });
    return {
      has: (part) => entries.has(normal(part)),
      size: (part) => entries.get(normal(part))?.uncompressedSize ?? 0,
      open: (part) =>
        new Promise((resolve, reject) => {
          const entry = entries.get(normal(part));
          if (entry === undefined)
            return reject(unreadable('damaged_workbook', `The workbook lacks its part ${part}.`));
          archive.openReadStream(entry, (error, stream) => {
            if (error) reject(damaged(error));
            else resolve(stream);
          });
        }),
      close: () => archive.close(),
    };
  } catch (error) {
    archive.close();
    throw error;
  }
};

/** Part names are compared without regard to case, and some writers begin them with a slash or use backslashes. */
const normal = (name: string) => posix.normalize(name.replaceAll('\\', '/')).replace(/^\/+/, '').toLowerCase();

const open = (path: string) =>
  new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(
      path,
      { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: false },
      (error, archive) => {
        if (error) reject(damaged(error));
        else resolve(archive);
      },
    );
  });

const damaged = (error: unknown) =>
  unreadable(
    'damaged_workbook',
    `The workbook's archive is damaged: ${error instanceof Error ? error.message : String(error)}.`,
  );
