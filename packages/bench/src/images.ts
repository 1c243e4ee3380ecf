import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MissingProgramError, startMariaDb } from '@vindima/test-servers/servers';
import { anotherFile, readPhotographs } from './images/pictures.ts';
import { measureSearch } from './images/search.ts';
import { startImages } from './images/service.ts';
import { measureCrowd, measureUploads } from './images/uploads.ts';

/**
 * Measures the images service over HTTP: an upload against the bare model on the same picture, ten uploads at once, and the search of
 * 100 000 images with 10 tags each on both engines. `npm run bench -- images uploads` or `search` does one of them.
 */
export default async function images(args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vindima-bench-images-'));
  try {
    if (!args.includes('search')) await benchUploads(folder);
    if (!args.includes('uploads')) await benchSearch(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How often each photograph is sent: the speed of a machine that others use wanders, and many pairs tell more than few. */
const turns = 3;
const crowdPictures = 80;

const benchUploads = async (folder: string): Promise<void> => {
  const { kind, pictures } = await readPhotographs();
  console.log(`${pictures.length} ${kind} photographs`);
  const service = await startImages(folder, {});
  try {
    // The service knows a file that it has seen: each is sent once.
    const files = (of: readonly Buffer[]) =>
      Array.from({ length: turns }, (_, turn) => of.map((picture) => anotherFile(picture, turn))).flat();
    await measureUploads(service, join(folder, 'models'), files(pictures.slice(crowdPictures)));
    await measureCrowd(service, files(pictures.slice(0, crowdPictures)));
  } finally {
    await service.stop();
  }
};

const benchSearch = async (folder: string): Promise<void> => {
  await measureSearch('SQLite', join(folder, 'search'), `sqlite:${join(folder, 'search.db')}`);
  try {
    const server = await startMariaDb();
    try {
      await measureSearch('MariaDB', join(folder, 'search-mysql'), `${server.url}/Pictures`);
    } finally {
      await server.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    console.log(`MariaDB: not measured, ${error.message}`);
  }
};
