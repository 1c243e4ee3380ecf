import { randomBytes } from 'node:crypto';

export interface MediaFile {
  readonly fileId: string;
  readonly name: string;
  /** With the folder: `/vindima/photo.jpg`. */
  readonly filePath: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Files kept at once: a stand-in that is forgotten must not grow. */
const mostFiles = 200;

/** The files of the made-up account, in memory. */
export const createMediaLibrary = () => {
  const files = new Map<string, MediaFile>();
  return {
    add(file: Omit<MediaFile, 'fileId' | 'filePath'> & { readonly folder: string }): MediaFile {
      const { folder, ...rest } = file;
      const fileId = randomBytes(12).toString('hex');
      const added = { ...rest, fileId, filePath: `/${[...folder.split('/').filter(Boolean), file.name].join('/')}` };
      files.set(fileId, added);
      const [oldest] = files.keys();
      if (files.size > mostFiles && oldest !== undefined) files.delete(oldest);
      return added;
    },
    get: (fileId: string) => files.get(fileId),
    remove: (fileId: string) => files.delete(fileId),
    list: (): MediaFile[] => [...files.values()],
    findByPath: (filePath: string) => [...files.values()].find((file) => file.filePath === filePath),
  };
};

export type MediaLibrary = ReturnType<typeof createMediaLibrary>;
