import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { gunzipSync } from 'node:zlib';

const block = 512;
const regularFile = '0';

/** Unpacks a `.tar.gz` of plain files (POSIX ustar) into a folder: what a test needs of `tar`, where there is none. */
export const unpack = async (archive: string, folder: string): Promise<void> => {
  const tar = gunzipSync(await readFile(archive));
  for (let at = 0; at < tar.length && tar[at] !== 0; ) {
    const text = (from: number, length: number) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const name = normalize([text(345, 155), text(0, 100)].filter((part) => part !== '').join('/'));
    const size = Number.parseInt(text(124, 12), 8);
    if (text(156, 1) === regularFile) {
      if (name.startsWith('..')) throw new Error(`${archive}: ${name} would be outside of the folder`);
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, tar.subarray(at + block, at + block + size));
    }
    at += block + Math.ceil(size / block) * block;
  }
};
